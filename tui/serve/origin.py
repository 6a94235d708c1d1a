"""What counts as one address, where limits are for each address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def origin_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the network of 64 bits of an IPv6 address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))
