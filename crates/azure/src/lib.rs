//! Resources as Azure writes them, brought to the form that the policies judge.
//!
//! The rules of `isolated-clusters` and `supported-extensions` judge clusters, registries and networks as the operators of a
//! management cluster describe them. The same resources are written in other forms, too: `az` prints them, ARM templates describe
//! them, and plans of Terraform hold them in the words of the providers azurerm and azapi. An adapter renames what has another
//! name, and remembers for each field where it stands, so that a finding points at what the user wrote, in the user's own
//! words. What only a deployment knows is said, and never taken for something that is missing or fine.
//!
//! [`resources()`] gives what a text holds as objects to judge; [`State`] is what `az` says of a cluster, as data, for whoever plans
//! with it.

mod automatic;
mod document;
mod evaluated;
mod expression;
mod fix;
mod found;
mod functions;
mod given;
mod holders;
mod judged;
mod kubernetes;
mod live;
mod names;
mod outcome;
mod parameters;
mod read;
mod resource;
mod resources;
mod state;
mod subnets;
mod syntax;
mod template;
mod terraform;
mod text;
mod translate;
mod uncertain;
mod variant;
mod written;

pub use document::is_of_azure_text;
pub use live::LIVE;
pub use parameters::{Parameters, Settled};
pub use read::read_state;
pub use resource::is_of_azure;
pub use resources::{Resources, items, resources};
pub use state::{CacheRule, Cluster, Connection, Extension, Part, Pool, Registry, State, Subnet};
