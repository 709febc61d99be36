//! From where somebody came: the network of an address, never the address. It tells the school's own lines
//! from strange ones, and says little about a household: /24 of IPv4, /48 of IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network of an address, as `203.0.113.0/24` or `2001:db8:1::/48`.
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << 8))),
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_by_its_network_alone() {
        for (address, told) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("::1", "::/48"),
        ] {
            assert_eq!(network(address.parse().unwrap()), told);
        }
    }
}
