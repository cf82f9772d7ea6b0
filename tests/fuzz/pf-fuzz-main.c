/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds a fuzz target with inputs made of its words and of noise, and with the files named as arguments. */
#include <string.h>

#include "pf-fuzz.h"

#define N_INPUTS 20000
#define MAX_PIECES 64

static void
append_noise (GByteArray *input)
{
  guint length = (guint) g_test_rand_int_range (1, g_test_rand_int_range (2, 600));

  for (guint i = 0; i < length; i++)
    {
      guint8 byte = (guint8) g_test_rand_int_range (0, 256);

      g_byte_array_append (input, &byte, 1);
    }
}

static void
append_word (GByteArray *input, guint n_words)
{
  const char *word = pf_fuzz_words[g_test_rand_int_range (0, (gint32) n_words)];

  g_byte_array_append (input, (const guint8 *) word, (guint) strlen (word));
}

/* Changes a few bytes of what may have been right. */
static void
damage (GByteArray *input)
{
  for (guint i = (guint) g_test_rand_int_range (0, 4); i > 0 && input->len > 0; i--)
    input->data[g_test_rand_int_range (0, (gint32) input->len)]
        ^= (guint8) (1 << g_test_rand_int_range (0, 8));
}

static void
test_random (void)
{
  guint n_words = g_strv_length ((char **) pf_fuzz_words);

  for (guint i = 0; i < N_INPUTS; i++)
    {
      g_autoptr (GByteArray) input = g_byte_array_new ();
      guint n_pieces = (guint) g_test_rand_int_range (0, MAX_PIECES);
      g_autofree guint8 *exact = NULL;

      for (guint j = 0; j < n_pieces; j++)
        if (g_test_rand_int_range (0, 16) == 0)
          append_noise (input);
        else
          append_word (input, n_words);
      damage (input);
      /* Of its exact size, so that a sanitizer sees reading beyond it. */
      exact = g_memdup2 (input->data, input->len);
      LLVMFuzzerTestOneInput (exact, input->len);
    }
}

static void
test_file (gconstpointer name)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (name, &contents, &length, &error);
  g_assert_no_error (error);
  LLVMFuzzerTestOneInput ((const guint8 *) contents, length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzz/random", test_random);
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *path = g_strdup_printf ("/fuzz/file/%d", i);

      g_test_add_data_func (path, argv[i], test_file);
    }
  return g_test_run ();
}
