{{/* What is known of the policies, as files/policies.yaml has it. */}}
{{- define "isolation.data" -}}
{{ .Files.Get "files/policies.yaml" }}
{{- end }}

{{/*
Puts the defaults where a value is null. In isolation.yaml a key without a value counts as left out; Helm takes the key out of
the values and the default with it, and a policy without a mode would protect, in kube-system, too.
*/}}
{{- define "isolation.defaults" -}}
{{- $values := .Values -}}
{{- range $key, $default := .Files.Get "files/defaults.yaml" | fromYaml -}}
  {{- $given := index $values $key -}}
  {{- if kindIs "invalid" $given -}}
    {{- $_ := set $values $key $default -}}
  {{- else if kindIs "map" $default -}}
    {{- range $inner, $value := $default -}}
      {{- if kindIs "invalid" (index $given $inner) -}}{{- $_ := set $given $inner $value -}}{{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* Whether a policy is to be there: "true" or nothing. A dict: values, policy. */}}
{{- define "isolation.has" -}}
{{- $section := index .values .policy.name -}}
{{- if kindIs "invalid" $section -}}
  {{- if not .policy.byChoice -}}true{{- end -}}
{{- else if kindIs "bool" $section -}}
  {{- if $section -}}true{{- end -}}
{{- else -}}true
{{- end -}}
{{- end }}

{{/*
Why no policy can honour an exception: a clause, or nothing. An empty text counts as unset in a policy's settings, and admission
knows no day; what cannot be said exactly is left out, so that no exception is wider in the cluster than in the file.
*/}}
{{- define "isolation.notDeployed" -}}
{{- $entry := . -}}
{{- if $entry.expires -}}
policies do not know the date, so they would honour it after {{ $entry.expires }}
{{- else -}}
  {{- $empty := list -}}
  {{- range $key := list "kind" "namespace" "name" -}}
    {{- if and (hasKey $entry.object $key) (not (index $entry.object $key)) -}}{{- $empty = append $empty $key -}}{{- end -}}
  {{- end -}}
  {{- range $key := list "path" "value" -}}
    {{- if and (hasKey $entry $key) (not (index $entry $key)) -}}{{- $empty = append $empty $key -}}{{- end -}}
  {{- end -}}
  {{- with $empty -}}
a policy's settings take no empty {{ first . }}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* The rules that an exception names, as a list in JSON. */}}
{{- define "isolation.rulesOf" -}}
{{- if kindIs "string" .rule -}}{{- list .rule | toJson -}}{{- else -}}{{- .rule | toJson -}}{{- end -}}
{{- end }}

{{/* The exceptions for a policy's rules, as entries of its setting allowedViolations: a list in JSON. A dict: values, policy. */}}
{{- define "isolation.allowed" -}}
{{- $allowed := list -}}
{{- range $entry := .values.allow -}}
  {{- if not (include "isolation.notDeployed" $entry) -}}
    {{- range $word := include "isolation.rulesOf" $entry | fromJsonArray -}}
      {{- range $rule := $.policy.ruleNames -}}
        {{- if or (eq (lower $word) (lower $rule.id)) (eq (lower $word) $rule.name) -}}
          {{- $one := dict "rule" $rule.id -}}
          {{- range $key := list "kind" "namespace" "name" -}}
            {{- with index $entry.object $key -}}{{- $_ := set $one $key . -}}{{- end -}}
          {{- end -}}
          {{- range $key := list "path" "value" -}}
            {{- with index $entry $key -}}{{- $_ := set $one $key . -}}{{- end -}}
          {{- end -}}
          {{- $allowed = append $allowed $one -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{ toJson $allowed }}
{{- end }}

{{/*
A policy's settings: the shared ones that it has, its own section over them, and the exceptions for its rules. A dict: values,
policy.
*/}}
{{- define "isolation.settings" -}}
{{- $settings := dict -}}
{{- range $key := .policy.shared -}}
  {{- $shared := index $.values $key -}}
  {{- if not (kindIs "invalid" $shared) -}}{{- $_ := set $settings $key $shared -}}{{- end -}}
{{- end -}}
{{- $section := index .values .policy.name -}}
{{- if kindIs "map" $section -}}
  {{- range $key, $value := $section -}}
    {{- if not (kindIs "invalid" $value) -}}{{- $_ := set $settings $key $value -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- with include "isolation.allowed" . | fromJsonArray -}}{{- $_ := set $settings "allowedViolations" . -}}{{- end -}}
{{ toYaml $settings }}
{{- end }}

{{/* The plural of a kind that the setting customResources names. A dict: plurals (those that are known), entry. */}}
{{- define "isolation.plural" -}}
{{- $plural := .entry.plural | default "" -}}
{{- if not (regexMatch "^[a-z0-9-]*$" $plural) -}}
  {{- fail (printf "customResources: plural: %q: expected a resource such as widgets, in lower case, without group or subresource" $plural) -}}
{{- end -}}
{{- range .plurals -}}
  {{- if and (not $plural) (eq .group $.entry.group) (eq .kind $.entry.kind) -}}{{- $plural = .plural -}}{{- end -}}
{{- end -}}
{{- $kind := lower .entry.kind -}}
{{- if $plural -}}{{- $plural -}}
{{- else if regexMatch "(s|x|ch|sh)$" $kind -}}{{- $kind -}}es
{{- else if regexMatch "(^|[^aeiou])y$" $kind -}}{{- trimSuffix "y" $kind -}}ies
{{- else -}}{{- $kind -}}s
{{- end -}}
{{- end }}

{{/*
The part of a policy with the kinds that its setting customResources names: a list in JSON, which is empty where there are none.
A dict: root, of (a dict: values, policy).
*/}}
{{- define "isolation.named" -}}
{{- $plurals := (include "isolation.data" .root | fromYaml).plurals -}}
{{- $rules := list -}}
{{- range $entry := (include "isolation.settings" .of | fromYaml).customResources -}}
  {{- $plural := include "isolation.plural" (dict "plurals" $plurals "entry" $entry) -}}
  {{- $rules = append $rules (dict "apiGroups" (list $entry.group) "apiVersions" (list "*") "resources" (list $plural) "operations" (list "CREATE" "UPDATE")) -}}
{{- end -}}
{{- $parts := list -}}
{{- if $rules -}}{{- $parts = list (dict "name" "custom-resources" "isNamed" true "rules" (uniq $rules)) -}}{{- end -}}
{{ toJson $parts }}
{{- end }}

{{/* Whether a policy asks the cluster: "true" or nothing. A dict: values, policy. */}}
{{- define "isolation.looksUp" -}}
{{- if and .policy.lookUps (include "isolation.has" .) -}}
  {{- $settings := include "isolation.settings" . | fromYaml -}}
  {{- if kindIs "bool" $settings.lookup -}}{{- if $settings.lookup -}}true{{- end -}}{{- end -}}
{{- end -}}
{{- end }}

{{/* Whether any policy asks the cluster: "true" or nothing. */}}
{{- define "isolation.anyLooksUp" -}}
{{- range $policy := (include "isolation.data" . | fromYaml).policies -}}
  {{- include "isolation.looksUp" (dict "values" $.Values "policy" $policy) -}}
{{- end -}}
{{- end }}

{{- define "isolation.serverName" -}}
{{- .Values.policyServer.name | default "network-isolation" -}}
{{- end }}

{{- define "isolation.serviceAccount" -}}
{{- .Values.policyServer.serviceAccountName | default "network-isolation-policy-server" -}}
{{- end }}

{{- define "isolation.labels" -}}
app.kubernetes.io/part-of: network-isolation-policies
{{- end }}

{{/*
Kubewarden refuses that a policy changes its policy server, or goes from protecting to monitoring. Helm would learn of that
halfway through an upgrade, and could not roll it back, so it stops here. Where no cluster is asked (`helm template`, Argo CD),
it is Kubewarden that says so. A dict: root, name.
*/}}
{{- define "isolation.mayChange" -}}
{{- if .root.Capabilities.APIVersions.Has "policies.kubewarden.io/v1/ClusterAdmissionPolicy" -}}
  {{- $there := lookup "policies.kubewarden.io/v1" "ClusterAdmissionPolicy" "" .name -}}
  {{- $server := include "isolation.serverName" .root -}}
  {{- if $there -}}
    {{- if ne $there.spec.policyServer $server -}}
      {{- fail (printf "%s runs on the policy server %s, and Kubewarden lets no policy move to another (%s): keep policyServer.name, or uninstall this release and install it again" .name $there.spec.policyServer $server) -}}
    {{- end -}}
    {{- if and (eq $there.spec.mode "protect") (eq .root.Values.mode "monitor") -}}
      {{- fail (printf "%s protects, and Kubewarden lets no policy go back to monitoring: run `kubectl delete clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies`, then this command again" .name) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* The members of a list in CEL. */}}
{{- define "isolation.list" -}}
{{- $quoted := list -}}
{{- range . -}}{{- $quoted = append $quoted (printf "'%s'" .) -}}{{- end -}}
{{- join ", " $quoted -}}
{{- end }}

{{/*
Whether a registry is among `registries`, as private-images compares them: "true" or nothing. A dict: registry, registries.
*/}}
{{- define "isolation.isAmong" -}}
{{- range .registries -}}
  {{- if hasPrefix (printf "%s/" (trimSuffix "/" (lower .))) (printf "%s/" $.registry) -}}true{{- end -}}
{{- end -}}
{{- end }}

{{/*
Refuses a family that no policy has, and names those that there are; the schema would answer with all of them, once for each
policy.
*/}}
{{- define "isolation.knowsFamilies" -}}
{{- if .Values.families -}}
{{- $policies := (include "isolation.data" . | fromYaml).policies -}}
{{- range $given := .Values.families -}}
  {{- $of := regexFind "^[^/]+/" $given -}}
  {{- $all := list "all" -}}
  {{- $its := list -}}
  {{- range $policy := $policies -}}
    {{- range $part := rest $policy.parts -}}
      {{- $all = append $all $part.name -}}
      {{- if eq $of (printf "%s/" $policy.name) -}}{{- $its = append $its (printf "%s%s" $of $part.name) -}}{{- end -}}
    {{- end -}}
  {{- end -}}
  {{- $known := $its | default $all | uniq | sortAlpha -}}
  {{- if not (has $given (concat $its (ternary list $all (contains "/" $given)))) -}}
    {{- fail (printf "families: unknown family %s (known families: %s)" $given (join ", " $known)) -}}
  {{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Refuses an exception for a rule that there is not: `isolation policies` refuses the same. */}}
{{- define "isolation.knowsRules" -}}
{{- if .Values.allow -}}
{{- $data := include "isolation.data" . | fromYaml -}}
{{- $rules := $data.commonRules -}}
{{- range $policy := $data.policies -}}{{- $rules = concat $rules $policy.ruleNames -}}{{- end -}}
{{- $known := list -}}
{{- range $rule := $rules -}}{{- $known = append (append $known (lower $rule.id)) $rule.name -}}{{- end -}}
{{- range $index, $entry := .Values.allow -}}
  {{- range $word := include "isolation.rulesOf" $entry | fromJsonArray -}}
    {{- if not (has (lower $word) $known) -}}{{- fail (printf "allow[%d].rule: there is no rule %s" $index $word) -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
What every template begins with: the defaults, and what the schema cannot say, so that it stops here and not in a policy server
that does not start.
*/}}
{{- define "isolation.check" -}}
{{- include "isolation.defaults" . -}}
{{- include "isolation.knowsFamilies" . -}}
{{- include "isolation.knowsRules" . -}}
{{- if not .Values.registry -}}
  {{- fail "registry is required: the registry that the modules are in, HOST[/PREFIX], such as myacr.azurecr.io/policies" -}}
{{- else if not (regexMatch "^(localhost|[a-z0-9._-]*[.:][a-z0-9.:_-]*)(/[a-z0-9._-]+)*$" .Values.registry) -}}
  {{- fail (printf "registry: %q is not HOST[/PREFIX] in lower case, without https:// and without a slash at its end, such as myacr.azurecr.io/policies" .Values.registry) -}}
{{- end -}}
{{- if not .Values.policyServer.create -}}
  {{- if not .Values.policyServer.name -}}
    {{- fail "policyServer.name is required with `create: false`: the policy server that runs the policies, such as default" -}}
  {{- end -}}
  {{- if and (include "isolation.anyLooksUp" .) (not .Values.policyServer.serviceAccountName) -}}
    {{- fail (printf "policyServer.serviceAccountName is required with `lookup: true`: the service account of %s, which must be allowed to read" .Values.policyServer.name) -}}
  {{- end -}}
{{- end -}}
{{- range $policy := (include "isolation.data" . | fromYaml).policies -}}
  {{- $of := dict "values" $.Values "policy" $policy -}}
  {{- if include "isolation.has" $of -}}
    {{- $settings := include "isolation.settings" $of | fromYaml -}}
    {{- range $policy.required -}}
      {{- if not (index $settings .) -}}
        {{- fail (printf "%s: the setting %s is required; give it at the top or in the section %s, or leave the policy out with `%s: false`" $policy.name . $policy.name $policy.name) -}}
      {{- end -}}
    {{- end -}}
    {{- if and (eq $policy.name "private-images") (or (has "all" $.Values.families) (has "kubewarden" $.Values.families) (has "private-images/kubewarden" $.Values.families)) -}}
      {{- if not (include "isolation.isAmong" (dict "registry" $.Values.registry "registries" ($settings.registries | default list))) -}}
        {{- fail (printf "registry: %s is not among the registries of private-images, so the family kubewarden would refuse these very policies, and any change of them; add it to registries" $.Values.registry) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}
