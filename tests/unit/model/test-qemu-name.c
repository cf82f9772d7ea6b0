/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-qemu-name.h"
#include "pf-text.h"

#define QEMU "/usr/bin/qemu-system-x86_64\0"
#define REPLACED "\357\277\275"

typedef struct
{
  const char *id;
  const char *bytes;
  gsize length;
  const char *expected;
} Case;

#define CASE(id, bytes, expected)                                                                            \
  {                                                                                                          \
    id, bytes, sizeof bytes, expected                                                                        \
  }

static const Case cases[] = {
  CASE ("libvirt", QEMU "-name\0guest=win10,debug-threads=on\0-S", "win10"),
  CASE ("by-hand", QEMU "-m\0004G\0-name\0win10", "win10"),
  CASE ("two-dashes", QEMU "--name\0win10", "win10"),
  CASE ("process", QEMU "-name\0process=qemu:x,guest=win10,debug-threads=on", "win10"),
  CASE ("process-only", QEMU "-name\0process=qemu:x,debug-threads=on", NULL),
  CASE ("first-without-key", QEMU "-name\0win10,process=qemu:win10", "win10"),
  CASE ("key-only-first", QEMU "-name\0debug-threads=on,win10", NULL),
  CASE ("comma", QEMU "-name\0guest=a,,b,,,process=x", "a,b,"),
  CASE ("comma-first", QEMU "-name\0a,,guest=b", "a,guest=b"),
  CASE ("comma-at-end", QEMU "-name\0win10,", "win10"),
  CASE ("equals", QEMU "-name\0guest=a=b,process=x", "a=b"),
  CASE ("key-begins-alike", QEMU "-name\0guests=x", NULL),
  CASE ("key-is-beginning", QEMU "-name\0gue=x", NULL),
  CASE ("twice", QEMU "-name\0guest=a,guest=b", "b"),
  CASE ("two-options", QEMU "-name\0process=x\0-name\0win10", "win10"),
  CASE ("spaces", QEMU "-name\0guest=Windows 10", "Windows 10"),
  CASE ("parenthesis", QEMU "-name\0guest=x (1)", "x (1)"),
  CASE ("other-alphabet", QEMU "-name\0guest=f\303\266n", "f\303\266n"),
  CASE ("kvm", "kvm\0-name\0win10", "win10"),
  CASE ("libexec", "/usr/libexec/qemu-kvm\0-name\0guest=win10", "win10"),
  CASE ("value-of-another", QEMU "-names\0wrong\0-smp\0name", NULL),
  CASE ("other-program", "/usr/bin/dpdk\0-name\0win10", NULL),
  CASE ("folder-of-qemu", "/opt/qemu/dpdk\0-name\0win10", NULL),
  CASE ("no-name", QEMU "-S", NULL),
  CASE ("nothing-behind", QEMU "-name", NULL),
  CASE ("empty-name", QEMU "-name\0", NULL),
  CASE ("empty-guest", QEMU "-name\0guest=", NULL),
  CASE ("only-commas", QEMU "-name\0,", NULL),
  CASE ("only-blanks", QEMU "-name\0guest= \t\n", NULL),
  CASE ("terminal", QEMU "-name\0guest=\033[2Jx\ny", REPLACED "[2Jx y"),
  CASE ("not-utf-8", QEMU "-name\0guest=\377\376", REPLACED REPLACED),
  CASE ("turned-around", QEMU "-name\0guest=\342\200\256x", REPLACED "x"),
  CASE ("empty-arguments", "\0\0\0", NULL),
  /* Without the last zero byte: the rest was cut off. */
  { "cut-name", QEMU "-name\0guest=win", sizeof (QEMU "-name\0guest=win") - 1, NULL },
  { "cut-program", QEMU, sizeof QEMU - 2, NULL },
  { "nothing", "", 0, NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  /* Of its exact size, so that a sanitizer sees reading beyond it. */
  g_autofree char *bytes = g_memdup2 (item->bytes, item->length);
  g_autofree char *name = pf_qemu_name_parse (bytes, item->length);

  g_assert_cmpstr (name, ==, item->expected);
}

/* A long name is cut, between characters. */
static void
test_long (void)
{
  g_autoptr (GString) line = g_string_new_len (QEMU, sizeof QEMU - 1);
  g_autofree char *name = NULL;

  g_string_append_len (line, "-name\0guest=", 12);
  for (guint i = 0; i < 5000; i++)
    g_string_append (line, "\303\266");
  name = pf_qemu_name_parse (line->str, line->len + 1);
  g_assert_cmpint (g_utf8_strlen (name, -1), ==, PF_TEXT_MAX_NAME);
  g_assert_true (g_utf8_validate (name, -1, NULL));
}

/* Bytes at random, with what matters more often than the rest: an answer is clean, or there is none. */
static void
test_random (void)
{
  static const char *const pieces[] = { "\0", "-name", "guest=", ",", ",,", "=", "qemu", "\377", "x", "/" };
  guint n_names = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) line = g_string_new_len (QEMU, g_test_rand_bit () ? sizeof QEMU - 1 : 0);
      guint n_pieces = (guint) g_test_rand_int_range (0, 16);
      g_autofree char *bytes = NULL;
      g_autofree char *name = NULL;

      for (guint j = 0; j < n_pieces; j++)
        {
          const char *piece = pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))];

          g_string_append_len (line, piece, *piece == '\0' ? 1 : (gssize) strlen (piece));
        }
      bytes = g_memdup2 (line->str, line->len);
      name = pf_qemu_name_parse (bytes, line->len);
      n_names += name != NULL;
      g_assert_true (name == NULL || (*name != '\0' && g_utf8_validate (name, -1, NULL)));
    }
  g_assert_cmpint (n_names, >, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/model/qemu-name/", cases[i].id, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/model/qemu-name/long", test_long);
  g_test_add_func ("/model/qemu-name/random", test_random);
  return g_test_run ();
}
