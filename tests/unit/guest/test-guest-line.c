/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-guest-line.h"

#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BLANKS100                                                                                            \
  "                                                                                                    "

typedef struct
{
  const char *name;
  const char *bytes;
  gsize length;
  const char *expected;
} Case;

#define CASE(name, bytes, expected)                                                                          \
  {                                                                                                          \
    name, bytes, sizeof bytes - 1, expected                                                                  \
  }

/* What comes out, one letter for each answer: "W" wrong, "L" too long, else the verb in brackets. */
static const Case cases[] = {
  CASE ("toggle", "toggle\n", "[toggle]"),
  CASE ("switch", "switch games\n", "[switch games]"),
  CASE ("home", "home\n", "[home]"),
  CASE ("confirm", "confirm\n", "[confirm]"),
  CASE ("status", "status\n", "[status]"),
  CASE ("cr", "home\r", "[home]"),
  CASE ("cr-lf", "home\r\nstatus\r\n", "[home][status]"),
  CASE ("empty", "\n\r\n\n  \t \n", ""),
  CASE ("blanks", " \tswitch \t games \t\n", "[switch games]"),
  CASE ("no-end", "home", ""),
  CASE ("longest-id", "switch " ID64 "\n", "[switch " ID64 "]"),
  CASE ("id-too-long", "switch " ID64 "0\n", "W"),
  CASE ("id-in-capitals", "switch Games\n", "W"),
  CASE ("id-with-path", "switch ../games\n", "W"),
  CASE ("id-missing", "switch\n", "W"),
  CASE ("id-too-many", "switch games more\n", "W"),
  CASE ("word-behind", "home now\n", "W"),
  CASE ("capitals", "HOME\n", "W"),
  CASE ("beginning", "hom\n", "W"),
  CASE ("more", "homes\n", "W"),
  CASE ("shell", "home;reboot\n$(reboot)\n", "WW"),
  CASE ("nul", "ho\0me\nhome\0\n\0home\n", "WWW"),
  CASE ("control", "home\033[2J\n", "W"),
  CASE ("delete", "hox\177me\n", "W"),
  CASE ("high", "h\303\266me\n\377\376\n", "WW"),
  CASE ("own-answers", "ok profile=home state=idle\r\nerror busy Too many.\r\nok\nerror\n", ""),
  CASE ("no-answer", "okay\nerrors\n", "WW"),
  CASE ("256-bytes", BLANKS100 BLANKS100 BLANKS100 "\nhome\n", "L[home]"),
};

/* Fed in pieces of @piece bytes. */
static char *
feed (const char *bytes, gsize length, gsize piece)
{
  g_autoptr (GString) out = g_string_new (NULL);
  PfGuestLine line = { 0 };

  for (gsize done = 0; done < length; done += piece)
    {
      const char *rest = bytes + done;
      gsize rest_length = MIN (piece, length - done);

      while (rest_length > 0)
        {
          PfGuestRequest request;
          PfGuestLineResult result = pf_guest_line_take (&line, &rest, &rest_length, &request);

          if (result == PF_GUEST_LINE_REQUEST)
            g_string_append_printf (out, "[%s%s%s]", pf_guest_verb_to_string (request.verb),
                                    *request.profile != '\0' ? " " : "", request.profile);
          else if (result != PF_GUEST_LINE_NOTHING)
            g_string_append_c (out, result == PF_GUEST_LINE_WRONG ? 'W' : 'L');
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  /* Of its exact size, so that a sanitizer sees reading beyond it. */
  g_autofree char *bytes = g_memdup2 (item->bytes, item->length);

  for (gsize piece = 1; piece <= item->length; piece++)
    {
      g_autofree char *out = feed (bytes, item->length, piece);

      g_assert_cmpstr (out, ==, item->expected);
    }
}

/* The longest line there may be, and one byte more. */
static void
test_bound (void)
{
  g_autofree char *blanks = g_strnfill (PF_GUEST_LINE_MAX - 4, ' ');
  g_autofree char *longest = g_strconcat (blanks, "home\nstatus\n", NULL);
  g_autofree char *too_long = g_strconcat (" ", blanks, "home\nstatus\n", NULL);
  g_autofree char *first = feed (longest, strlen (longest), 7);
  g_autofree char *second = feed (too_long, strlen (too_long), 7);

  g_assert_cmpstr (first, ==, "[home][status]");
  g_assert_cmpstr (second, ==, "L[status]");
}

/* A megabyte without an end is one answer, and what comes behind it is heard. */
static void
test_garbage (void)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *out = NULL;

  for (guint i = 0; i < 1024 * 1024; i++)
    {
      char byte = (char) g_test_rand_int_range (0, 256);

      g_string_append_c (bytes, byte == '\n' || byte == '\r' ? '\0' : byte);
    }
  g_string_append (bytes, "\nhome\n");
  out = feed (bytes->str, bytes->len, 4096);
  g_assert_cmpstr (out, ==, "L[home]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/guest/line/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/guest/line/bound", test_bound);
  g_test_add_func ("/guest/line/garbage", test_garbage);
  return g_test_run ();
}
