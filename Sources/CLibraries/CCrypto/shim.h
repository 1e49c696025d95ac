#pragma once
// CRYPTO_memcmp: a comparison whose time does not depend on the contents.
#include <openssl/crypto.h>
// EVP_Digest: one-shot SHA-256.
#include <openssl/evp.h>
