//! A host's name into addresses that may be connected to: what is judged here is what is connected to, so that
//! a name cannot mean one address when it is looked at and another when it is used.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Which addresses may be connected to.
pub(super) type Reachable = fn(IpAddr) -> bool;

/// A name, or the number it stands for, leads where covers may not come from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} is not of the public internet")]
pub(super) struct Unreachable {
    pub host: String,
}

/// Resolves names by the system, and refuses those that lead anywhere unreachable.
pub(super) struct Resolver {
    pub reachable: Reachable,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reachable = self.reachable;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let addresses = tokio::task::spawn_blocking(move || addresses(&host, reachable)).await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// One address that may not be reached taints the name: a list is a way of offering both.
fn addresses(
    host: &str,
    reachable: Reachable,
) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let addresses: Vec<SocketAddr> = (host, 0).to_socket_addrs()?.collect();
    if addresses.iter().all(|address| reachable(address.ip())) {
        Ok(addresses)
    } else {
        Err(Box::new(Unreachable { host: host.to_owned() }))
    }
}
