"""Checks and makes Ed25519 signatures as RFC 8032, sections 5.1.7 and 5.1.6 say, sharing nothing with the program: for
tests that look at what it signs as an outsider would.  Slow, and for no secrets."""

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)


def add(one, other):
    """Points in extended coordinates (x, y, z, t)."""
    a = (one[1] - one[0]) * (other[1] - other[0])
    b = (one[1] + one[0]) * (other[1] + other[0])
    c = 2 * one[3] * other[3] * CURVE
    d = 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, point):
    result = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(encoded):
    """The point 32 bytes stand for; None where they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME != 0:
        x = x * ROOT % PRIME
    if y >= PRIME or (x * x - square) % PRIME != 0 or (x == 0 and sign == 1):
        return None
    x = PRIME - x if x & 1 != sign else x
    return x, y, 1, x * y % PRIME


BASE = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))


def verify(key, message, signature):
    public, commitment = point_of(key), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or public is None or commitment is None or number >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(number, BASE), add(commitment, times(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % PRIME == 0 and \
        (left[1] * right[2] - right[1] * left[2]) % PRIME == 0


def encoded(point):
    x, y = (part * pow(point[2], -1, PRIME) % PRIME for part in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


def sign(seed, message):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    number = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % ORDER
    key, commitment = encoded(times(scalar, BASE)), encoded(times(number, BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + key + message).digest(), "little") % ORDER
    return commitment + ((number + challenge * scalar) % ORDER).to_bytes(32, "little")
