//! Where a call comes from, for counting calls of one origin together.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Networks whose machines may name somebody else as the caller: proxies of ours. From anywhere else such a name is the
/// caller's own invention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// Where proxies of ours stand, unless the operator says otherwise: on this machine and in private networks.
const NEAR: &str = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7";

static TRUSTED: OnceLock<Proxies> = OnceLock::new();

/// Says once, for the whole process, whom to believe.
pub fn trust(proxies: Proxies) {
    // A second word would come too late for the calls already judged.
    let _ = TRUSTED.set(proxies);
}

/// Who calls, as far as this process believes its peers.
pub fn caller(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    trusted().caller(peer, headers)
}

/// Whether an address is one of a proxy of ours.
pub fn is_trusted(address: IpAddr) -> bool {
    trusted().contain(address)
}

fn trusted() -> &'static Proxies {
    TRUSTED.get_or_init(Proxies::default)
}

impl Default for Proxies {
    fn default() -> Self {
        NEAR.parse().expect("networks")
    }
}

impl FromStr for Proxies {
    type Err = ipnet::AddrParseError;

    /// Networks or single addresses, separated by commas; `none` for nobody.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.split(',').map(str::trim).filter(|network| !network.is_empty() && *network != "none");
        let read = |text: &str| {
            text.parse::<IpNet>().or_else(|error| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| error))
        };
        named.map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who calls: the peer, unless it is a proxy of ours. Each proxy appends the one who called it to `X-Forwarded-For`,
    /// so the last one named who is no proxy himself is the caller, and everything before that is what he claims. Without
    /// that header, `X-Real-IP` counts.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.contain(peer) {
            return peer;
        }
        let mut found = None;
        for line in headers.get_all("x-forwarded-for").iter().rev() {
            for named in line.to_str().unwrap_or_default().rsplit(',') {
                // Whoever writes nonsense names nobody, and nobody before him either.
                let Ok(named) = named.trim().parse::<IpAddr>() else { return found.unwrap_or(peer) };
                found = Some(named);
                if !self.contain(named) {
                    return named;
                }
            }
        }
        let real = || headers.get("x-real-ip").and_then(|value| value.to_str().ok()?.parse().ok());
        found.or_else(real).unwrap_or(peer)
    }
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
    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn only_a_near_proxy_may_name_the_caller() {
        for name in ["x-real-ip", "x-forwarded-for"] {
            let headers = headers(&[(name, "192.0.2.7")]);
            for near in ["127.0.0.1", "10.0.0.1", "172.18.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"] {
                assert_eq!(caller(address(near), &headers), address("192.0.2.7"), "{near}");
            }
            for far in ["198.51.100.1", "2001:db8::1"] {
                assert_eq!(caller(address(far), &headers), address(far), "{far}");
            }
        }
    }

    #[test]
    fn of_those_named_the_last_who_is_no_proxy_counts() {
        let ours: Proxies = "127.0.0.1, 203.0.113.0/24".parse().unwrap();
        let named = |lines: &[(&'static str, &str)]| ours.caller(address("127.0.0.1"), &headers(lines)).to_string();
        assert_eq!(named(&[("x-forwarded-for", "1.2.3.4, 192.0.2.7, 203.0.113.9")]), "192.0.2.7");
        assert_eq!(named(&[("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "192.0.2.7")]), "192.0.2.7");
        // What the caller claims in a header that our proxy does not write is not asked for.
        assert_eq!(named(&[("x-real-ip", "1.2.3.4"), ("x-forwarded-for", "192.0.2.7")]), "192.0.2.7");
        assert_eq!(named(&[("x-forwarded-for", "1.2.3.4, what, 203.0.113.9")]), "203.0.113.9");
        assert_eq!(named(&[("x-forwarded-for", "what")]), "127.0.0.1");
        assert_eq!(named(&[("x-forwarded-for", "203.0.113.1, 203.0.113.2")]), "203.0.113.1");
        assert_eq!(named(&[]), "127.0.0.1");
        let nobody: Proxies = "none".parse().unwrap();
        assert_eq!(nobody.caller(address("127.0.0.1"), &headers(&[("x-real-ip", "192.0.2.7")])), address("127.0.0.1"));
        assert!("10.0.0.0/33".parse::<Proxies>().is_err() && "here".parse::<Proxies>().is_err());
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

    proptest! {
        #[test]
        fn no_claim_changes_who_called_the_last_proxy(claim in "[ -~]{0,80}", client in any::<[u8; 4]>()) {
            let client = IpAddr::from(client);
            prop_assume!(!is_trusted(client));
            let through = headers(&[("x-forwarded-for", &format!("{claim}, {client}")), ("x-real-ip", &claim)]);
            prop_assert_eq!(caller(address("127.0.0.1"), &through), client);
            prop_assert_eq!(caller(client, &through), client);
        }
    }
}
