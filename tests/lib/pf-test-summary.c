/* SPDX-License-Identifier: GPL-3.0-or-later */

/* portferry-test-summary LOG...: counts what the tests reported, in meson's JSON logs, and prints the last line of
 * `./dev test`. Before it come the programs that failed, each with the tests that did, what they had said, and the
 * assertions that stopped it: who sees only the end of a long log is to know them. A test program that died counts as one more failure; a log
 * that is missing too. Exits 0 only when nothing failed and, in CI, nothing was skipped. */

#include <json-glib/json-glib.h>
#include <string.h>

/* Of one program; and what a test said before it failed, in lines. */
#define MOST_FAILURES 20
#define MOST_REMARKS 10

typedef struct
{
  guint passed;
  guint failed;
  guint skipped;
} Counts;

static gboolean
count_tap_line (const char *line, Counts *counts)
{
  gboolean ok = g_str_has_prefix (line, "ok ");

  if (!ok && !g_str_has_prefix (line, "not ok "))
    return FALSE;
  if (g_strrstr (line, "# SKIP") != NULL || g_strrstr (line, "# skip") != NULL)
    counts->skipped++;
  else if (ok)
    counts->passed++;
  else
    counts->failed++;
  return TRUE;
}

/* A test that failed, or what GLib says of the assertion that ended a program. */
static gboolean
is_failure (const char *line)
{
  return g_str_has_prefix (line, "not ok ") || g_str_has_prefix (line, "Bail out!") || strstr (line, ":ERROR:") != NULL;
}

/* With what was said right before. */
static void
print_failure (char **lines, guint at)
{
  guint first = at;

  while (first > 0 && at - first < MOST_REMARKS && g_str_has_prefix (lines[first - 1], "#"))
    first--;
  for (; first <= at; first++)
    g_print ("  %s\n", lines[first]);
}

static void
print_failures (JsonObject *test)
{
  const char *streams[] = { "stdout", "stderr" };
  guint n_printed = 0;

  g_print ("%s: %s\n", json_object_get_string_member (test, "name"), json_object_get_string_member (test, "result"));
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      const char *output = json_object_get_string_member_with_default (test, streams[i], "");
      g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

      for (guint j = 0; lines[j] != NULL && n_printed < MOST_FAILURES; j++)
        if (is_failure (lines[j]))
          {
            print_failure (lines, j);
            n_printed++;
          }
    }
}

/* Programs that print no TAP count as one test. */
static void
count_program (JsonObject *test, Counts *counts)
{
  const char *result = json_object_get_string_member (test, "result");
  const char *output = json_object_get_string_member_with_default (test, "stdout", "");
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  guint failed = counts->failed;
  gboolean any = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    any = count_tap_line (lines[i], counts) || any;
  if (g_str_equal (result, "OK"))
    counts->passed += any ? 0 : 1;
  else if (g_str_equal (result, "SKIP"))
    counts->skipped += any ? 0 : 1;
  else
    {
      counts->failed += counts->failed == failed ? 1 : 0;
      print_failures (test);
    }
}

static gboolean
count_log (const char *path, Counts *counts)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean any = FALSE;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonNode) node = json_from_string (lines[i], NULL);

      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        continue;
      count_program (json_node_get_object (node), counts);
      any = TRUE;
    }
  return any;
}

int
main (int argc, char **argv)
{
  Counts counts = { 0 };

  for (int i = 1; i < argc; i++)
    if (!count_log (argv[i], &counts))
      {
        g_print ("%s: no test ran\n", argv[i]);
        counts.failed++;
      }
  g_print ("%u passed, %u failed, %u skipped\n", counts.passed, counts.failed, counts.skipped);
  return counts.failed > 0 || (counts.skipped > 0 && g_getenv ("CI") != NULL) ? 1 : 0;
}
