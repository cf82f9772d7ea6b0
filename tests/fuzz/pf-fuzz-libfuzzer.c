/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives libFuzzer the same words and changes that pf-fuzz-main.c has, beside its own. */
#include <string.h>

#include "pf-fuzz-mutate.h"
#include "pf-fuzz.h"

gsize LLVMFuzzerMutate (guint8 *data, gsize size, gsize max_size);
gsize LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size, unsigned int seed);

/* libFuzzer's name for it: changes @data in place. Returns: its new size */
gsize
LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size, unsigned int seed)
{
  g_autoptr (GByteArray) input = NULL;
  g_autoptr (GRand) random = NULL;

  if (seed % 2 == 0)
    return LLVMFuzzerMutate (data, size, max_size);
  random = g_rand_new_with_seed (seed);
  input = g_byte_array_append (g_byte_array_new (), data, (guint) size);
  pf_fuzz_mutate (random, pf_fuzz_words, NULL, input);
  if (input->len == 0 || input->len > max_size)
    return LLVMFuzzerMutate (data, size, max_size);
  memcpy (data, input->data, input->len);
  return input->len;
}
