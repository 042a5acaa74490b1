//! What deploys the policies: the chart, kustomize and the schema of values.

mod helm;
mod kustomize;
mod schema;
mod support;
