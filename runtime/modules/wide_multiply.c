/* Multiplication of 128-bit integers, which the compiler calls and no library of the base has. */
#include <stdint.h>

typedef __int128 Wide;

/* Not optimised: the compiler would find the pattern below, and call this very function for it. */
__attribute__((optnone, noinline)) Wide __multi3(Wide left, Wide right);

Wide __multi3(Wide left, Wide right) {
    const uint64_t low_half = UINT32_MAX;
    uint64_t left_low = (uint64_t)left, right_low = (uint64_t)right;
    uint64_t low_low = (left_low & low_half) * (right_low & low_half);
    uint64_t high_low = (left_low >> 32) * (right_low & low_half) + (low_low >> 32);
    uint64_t low_high = (left_low & low_half) * (right_low >> 32) + (high_low & low_half);
    uint64_t high = (left_low >> 32) * (right_low >> 32) + (high_low >> 32) + (low_high >> 32);
    high += left_low * (uint64_t)((unsigned __int128)right >> 64);
    high += (uint64_t)((unsigned __int128)left >> 64) * right_low;
    uint64_t low = (low_high << 32) | (low_low & low_half);
    return (Wide)(((unsigned __int128)high << 64) | low);
}
