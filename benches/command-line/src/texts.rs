//! The texts that are checked.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

/// An image that passes.
pub const OURS: &str = "myacr.azurecr.io/shop/web:1.27.3";

/// An image that no policy lets pass.
pub const THEIRS: &str = "docker.io/library/nginx:1.27.3";

/// Writes so many Deployments into one file, or into files of a folder; how many bytes they have.
pub fn write(path: &Path, objects: usize, image: &str, is_split: bool) -> Result<usize> {
    let mut bytes = 0;
    if is_split {
        std::fs::create_dir(path)?;
        for number in 0..objects {
            let text = deployment(number, image);
            bytes += text.len();
            std::fs::write(path.join(format!("deployment-{number:05}.yaml")), text)?;
        }
    } else {
        let texts: Vec<String> = (0..objects).map(|number| deployment(number, image)).collect();
        let text = texts.join("---\n");
        bytes = text.len();
        std::fs::write(path, text)?;
    }
    Ok(bytes)
}

/// A Deployment as people write them.
fn deployment(number: usize, image: &str) -> String {
    let mut text = format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  namespace: shop-{namespace}
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: web-{number}
    app.kubernetes.io/part-of: shop
  annotations:
    example.com/description: \"The storefront: what customers see, number {number}\"
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/instance: web-{number}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
        app.kubernetes.io/instance: web-{number}
    spec:
      serviceAccountName: web
      containers:
",
        namespace = number % 40,
    );
    for container in ["web", "metrics"] {
        let _ = write!(
            text,
            "        - name: {container}
          image: {image}
          args: [\"--listen\", \"0.0.0.0:8080\", \"--verbose\"]
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: DATABASE_HOST
              value: postgres.shop.svc.cluster.local
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: database
                  key: password
            - name: LOG_LEVEL
              value: info
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: cache
              mountPath: /var/cache
"
        );
    }
    text.push_str(
        "      volumes:
        - name: cache
          emptyDir: {}
",
    );
    text
}
