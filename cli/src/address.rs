//! Addresses to listen on as people write them. Next: `mock.rs` and `record/traffic.rs`, which listen.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

use crate::error::Failure;

/// An address to listen on; a port alone is one of this machine, and a name is looked up.
///
/// # Errors
///
/// When it is neither.
pub(crate) fn parse(text: &str) -> Result<SocketAddr, Failure> {
    let failed = || {
        Failure::new(format!("`{}` is no address to listen on", text.escape_debug()))
            .with_help("write it as `127.0.0.1:8080`, or as a port of this machine: `8080`")
    };
    if let Ok(port) = text.trim_start_matches(':').parse::<u16>() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let mut found = text.to_socket_addrs().map_err(|_| failed())?;
    let first = found.next().ok_or_else(failed)?;
    // A name may stand for several addresses; the older form is what most clients try.
    Ok(found.chain([first]).find(SocketAddr::is_ipv4).unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_this_machine() {
        for (text, expected) in
            [("8080", "127.0.0.1:8080"), (":8080", "127.0.0.1:8080"), ("0.0.0.0:1", "0.0.0.0:1"), ("[::1]:2", "[::1]:2")]
        {
            assert_eq!(parse(text).map(|address| address.to_string()), Ok(expected.to_owned()));
        }
        assert!(parse("nowhere").is_err());
    }
}
