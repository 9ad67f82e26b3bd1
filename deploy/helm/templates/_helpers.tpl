{{- define "scribe.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "scribe.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "scribe.labels" -}}
{{ include "scribe.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{- define "scribe.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What is the same in every pod. Call with the root. */}}
{{- define "scribe.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- $own := dict "runAsNonRoot" true "runAsUser" 10001 "runAsGroup" 10001 "fsGroup" 10001 "seccompProfile" (dict "type" "RuntimeDefault") }}
  {{- toYaml (mergeOverwrite $own (deepCopy .Values.podSecurityContext)) | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Spread over nodes and zones where there are several. Call with (dict "root" $ "part" name). */}}
{{- define "scribe.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "scribe.selector" $.root | nindent 8 }}
        app.kubernetes.io/component: {{ $.part }}
  {{- end }}
{{- end }}

{{/* The container's common part. Call with (dict "root" $ "database" key "direct" bool): `direct` passes by the pooler. */}}
{{- define "scribe.container" -}}
image: {{ include "scribe.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- $own := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) }}
  {{- toYaml (mergeOverwrite $own (deepCopy .root.Values.containerSecurityContext)) | nindent 2 }}
env:
  {{- range $name, $value := (.direct | ternary (omit .root.Values.config "DATABASE_POOLER") .root.Values.config) }}
  - {name: {{ $name }}, value: {{ $value | toString | quote }}}
  {{- end }}
  {{- range .root.Values.secret.keys }}
  - {name: {{ . }}_FILE, value: /run/secrets/scribe/{{ . }}}
  {{- end }}
  - {name: DATABASE_URL_FILE, value: /run/secrets/scribe/{{ .database }}}
  {{- with .root.Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumeMounts:
  - {name: secrets, mountPath: /run/secrets/scribe, readOnly: true}
  - {name: tmp, mountPath: /tmp}
  - {name: data, mountPath: /data}
  {{- if .root.Values.files.claim }}
  - {name: files, mountPath: /data/files}
  {{- end }}
{{- end }}

{{/* Call with (dict "root" $ "tmp" size). */}}
{{- define "scribe.volumes" -}}
volumes:
  - name: secrets
    secret: {secretName: {{ .root.Values.secret.name }}, defaultMode: 0440}
  - name: tmp
    emptyDir: {sizeLimit: {{ .tmp }}}
  # What a process needs for itself, such as beat's schedule.
  - name: data
    emptyDir: {sizeLimit: 256Mi}
  {{- with .root.Values.files.claim }}
  - name: files
    persistentVolumeClaim: {claimName: {{ . }}}
  {{- end }}
{{- end }}

{{/* Whether a worker's file (scribe/heartbeat.py) was touched within a minute. */}}
{{- define "scribe.alive" -}}
[sh, -c, 'find /tmp/scribe-celery@$HOSTNAME.alive -mmin -1 | grep -q .']
{{- end }}
