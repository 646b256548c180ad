//! Where a call comes from, for counting calls of one origin together.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// Who calls. A proxy of ours stands at a private address and names the caller in `X-Real-IP`; from anywhere else the
/// header is the caller's own invention.
pub fn caller(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let near = match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    };
    let named = headers.get("x-real-ip").and_then(|value| value.to_str().ok()?.parse().ok());
    named.filter(|_| near).unwrap_or(peer)
}

/// The network that one household or one server has to itself: a whole /64 in IPv6, where addresses cost nothing.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_proxy_may_name_the_caller() {
        let headers = HeaderMap::from_iter([("x-real-ip".parse().unwrap(), "192.0.2.7".parse().unwrap())]);
        let named: IpAddr = "192.0.2.7".parse().unwrap();
        for near in ["127.0.0.1", "10.0.0.1", "172.18.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"] {
            assert_eq!(caller(near.parse().unwrap(), &headers), named, "{near}");
        }
        for far in ["198.51.100.1", "2001:db8::1"] {
            assert_eq!(caller(far.parse().unwrap(), &headers), far.parse::<IpAddr>().unwrap(), "{far}");
        }
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let network = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:0:1::7"), "2001:db8:0:1::");
        assert_eq!(network("2001:db8:0:1:ffff::"), "2001:db8:0:1::");
        assert_eq!(network("2001:db8:0:2::"), "2001:db8:0:2::");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
