/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds a fuzz target with the files named as arguments, with what changes in a few places make of them, and
 * with inputs made of its words and of noise. PF_FUZZ_SECONDS says for how long. What it comes to is the same
 * for the same seed, and the input at which it ends is left in a file, to be named as an argument. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pf-fuzz-mutate.h"
#include "pf-fuzz.h"

#define DEFAULT_SECONDS 2
#define MAX_SECONDS 3600
/* No input takes a hundredth of it, where nobody else wants the processor. */
#define MAX_SECONDS_FOR_ONE 20

static GPtrArray *seeds; /* of GByteArray */
static char *left_in;    /* where the input goes that something went wrong with */
static const guint8 *current;
static gsize current_size;

/* Only what may be called in a signal handler. */
static void
on_end (int number)
{
  int file = open (left_in, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  static const char hint[] = "# the input is left in ";

  if (file >= 0 && write (file, current, current_size) == (gssize) current_size
      && write (STDOUT_FILENO, hint, sizeof hint - 1) > 0
      && write (STDOUT_FILENO, left_in, strlen (left_in)) > 0 && write (STDOUT_FILENO, "\n", 1) > 0)
    close (file);
  signal (number, SIG_DFL);
  if (number == SIGALRM)
    abort ();
  raise (number);
}

static void
watch_for_end (const char *program)
{
  static const int numbers[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGALRM };
  g_autofree char *name = g_path_get_basename (program);

  left_in = g_strdup_printf ("%s/%s.input", g_get_tmp_dir (), name);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    signal (numbers[i], on_end);
}

static void
feed (const GByteArray *input)
{
  /* Of its exact size, so that a sanitizer sees reading beyond it. */
  g_autofree guint8 *exact = g_malloc (MAX (input->len, 1));

  if (input->len > 0)
    memcpy (exact, input->data, input->len);
  current = exact;
  current_size = input->len;
  alarm (MAX_SECONDS_FOR_ONE);
  LLVMFuzzerTestOneInput (exact, input->len);
  alarm (0);
  current_size = 0;
}

static GByteArray *
copy (const GByteArray *input)
{
  return g_byte_array_append (g_byte_array_new (), input->data, input->len);
}

static const GByteArray *
pick_seed (GRand *random)
{
  return seeds->len > 0 ? seeds->pdata[g_rand_int (random) % seeds->len] : NULL;
}

static void
feed_one (GRand *random)
{
  const GByteArray *seed = g_rand_int (random) % 4 > 0 ? pick_seed (random) : NULL;
  g_autoptr (GByteArray) input = seed != NULL ? copy (seed) : g_byte_array_new ();

  if (seed != NULL)
    pf_fuzz_mutate (random, pf_fuzz_words, pick_seed (random), input);
  else
    pf_fuzz_compose (random, pf_fuzz_words, input);
  feed (input);
}

static guint
get_seconds (void)
{
  const char *text = g_getenv ("PF_FUZZ_SECONDS");
  guint64 seconds;

  if (text == NULL)
    return DEFAULT_SECONDS;
  if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_SECONDS, &seconds, NULL))
    g_error ("PF_FUZZ_SECONDS is a number of seconds, 1 to %d", MAX_SECONDS);
  return (guint) seconds;
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  gint64 end = g_get_monotonic_time () + get_seconds () * G_USEC_PER_SEC;
  guint n = 0;

  for (; g_get_monotonic_time () < end; n++)
    feed_one (random);
  g_test_message ("%u inputs", n);
}

static void
test_file (gconstpointer input)
{
  feed (input);
}

static void
add_seed (const char *name)
{
  g_autofree char *contents = NULL;
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *path = g_strdup_printf ("/fuzz/file/%u-%s", seeds->len + 1, base);
  g_autoptr (GError) error = NULL;
  GByteArray *input = g_byte_array_new ();
  gsize length;

  if (!g_file_get_contents (name, &contents, &length, &error))
    g_error ("%s", error->message);
  g_byte_array_append (input, (const guint8 *) contents, (guint) length);
  g_ptr_array_add (seeds, input);
  g_test_add_data_func (path, input, test_file);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  watch_for_end (argv[0]);
  seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  for (int i = 1; i < argc; i++)
    add_seed (argv[i]);
  g_test_add_func ("/fuzz/random", test_random);
  result = g_test_run ();
  g_ptr_array_unref (seeds);
  g_free (left_in);
  return result;
}
