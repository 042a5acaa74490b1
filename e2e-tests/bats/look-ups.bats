#!/usr/bin/env bats
# Look-ups of private-storage, replayed by kwctl: the engine asks exactly the question that is recorded, or the replay fails.
# needs: kwctl

setup() {
  command -v kwctl >/dev/null || skip "kwctl is not here"
  cd "$BATS_TEST_DIRNAME"
}

# kwctl leaves with 0 whatever the verdict is, so what it prints is looked at.
replay() {
  run kwctl run --request-path look-ups/claim.json --settings-json '{"lookup": true}' --allow-context-aware \
    --replay-host-capabilities-interactions "look-ups/$1.yaml" ../../dist/private-storage.wasm
  [ "$status" -eq 0 ]
}

@test "a claim of a private class is accepted" {
  replay private-class
  [[ "$output" == *'"allowed":true'* ]]
}

@test "a claim of a public class is rejected with the reason against the class" {
  replay public-class
  [[ "$output" == *'"allowed":false'* && "$output" == *NI310* && "$output" == *networkEndpointType* ]]
}

@test "a claim of a class that does not exist is rejected" {
  replay missing-class
  [[ "$output" == *'"allowed":false'* && "$output" == *NI311* && "$output" == *"has no StorageClass of this name"* ]]
}
