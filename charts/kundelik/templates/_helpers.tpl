{{/* Names and parts that several templates hold. */}}

{{- define "kundelik.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Of one release; the context is the root. */}}
{{- define "kundelik.ours" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kundelik.labels" -}}
{{ include "kundelik.ours" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "kundelik.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What Pod Security calls restricted. */}}
{{- define "kundelik.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "kundelik.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Secrets by key, so that a missing one is named by Kubernetes before a process starts. */}}
{{- define "kundelik.secrets" -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.root.Values.existingSecret }}
      key: {{ . }}
{{- end }}
{{- end }}

{{/* The Deployment of one process. Context: root, process (its values), component, command. */}}
{{- define "kundelik.deployment" -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "kundelik.name" $root }}-{{ .component }}
  labels:
    {{- include "kundelik.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  {{- if not .process.autoscaling.enabled }}
  replicas: {{ .process.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels:
      {{- include "kundelik.ours" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
  template:
    metadata:
      labels:
        {{- include "kundelik.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
      annotations:
        # New settings, new pods.
        checksum/settings: {{ include (print $root.Template.BasePath "/configmap.yaml") $root | sha256sum }}
    spec:
      serviceAccountName: {{ include "kundelik.name" $root }}-{{ .component }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext: {{- include "kundelik.podSecurity" $root | nindent 8 }}
      # The drain, then 25 seconds for what is under way, and a little.
      terminationGracePeriodSeconds: {{ add $root.Values.settings.drainSeconds 35 }}
      containers:
        - name: {{ .component }}
          image: {{ include "kundelik.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: [kundelik, {{ .command }}]
          securityContext: {{- include "kundelik.containerSecurity" $root | nindent 12 }}
          envFrom:
            - configMapRef:
                name: {{ include "kundelik.name" $root }}
          env:
            {{- include "kundelik.secrets" (dict "root" $root "keys" (list "DATABASE_URL" "KUNDELIK_APP_PASSWORD" "KUNDELIK_PROVISIONER_PASSWORD" "KUNDELIK_MIGRATOR_PASSWORD" "KUNDELIK_SECRET_KEY" "REDIS_URL" "S3_ACCESS_KEY" "S3_SECRET_KEY" "SMTP_URL")) | nindent 12 }}
          ports:
            {{- if eq .component "api" }}
            - {name: portal, containerPort: 8080}
            - {name: console, containerPort: 8081}
            {{- end }}
            - {name: ops, containerPort: 8082}
          startupProbe:
            httpGet: {path: /livez, port: ops}
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: {path: /livez, port: ops}
            periodSeconds: 10
            timeoutSeconds: 3
            failureThreshold: 3
          readinessProbe:
            httpGet: {path: /readyz, port: ops}
            periodSeconds: 3
            timeoutSeconds: 3
            failureThreshold: 2
          resources: {{- toYaml .process.resources | nindent 12 }}
          volumeMounts:
            - {name: scratch, mountPath: /tmp}
            {{- if $root.Values.provider }}
            - {name: provider, mountPath: /etc/kundelik, readOnly: true}
            {{- end }}
      volumes:
        - name: scratch
          emptyDir: {sizeLimit: 256Mi}
        {{- if $root.Values.provider }}
        - name: provider
          configMap:
            name: {{ include "kundelik.name" $root }}-provider
        {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "kundelik.ours" $root | nindent 14 }}
              app.kubernetes.io/component: {{ .component }}
      {{- with .process.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .process.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}

{{/* Scaling and disruption of one process. Context as above. */}}
{{- define "kundelik.steadiness" -}}
{{- $name := printf "%s-%s" (include "kundelik.name" .root) .component -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "kundelik.labels" .root | nindent 4 }}
spec:
  minAvailable: {{ .process.disruption.minAvailable }}
  selector:
    matchLabels:
      {{- include "kundelik.ours" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
{{- if .process.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels: {{- include "kundelik.labels" .root | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $name }}
  minReplicas: {{ .process.autoscaling.min }}
  maxReplicas: {{ .process.autoscaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .process.autoscaling.cpu }}
{{- end }}
{{- end }}
