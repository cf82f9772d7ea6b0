/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A report loaded again is the same machine. test-report WITH-BOARD BUILD BOARD; needs root, and makes a desk
 * for each look. */
#include <string.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "pf-same-board.h"

static const char *with_board;
static const char *build;
static const char *board;

/* What a person would see of a machine. */
typedef struct
{
  char *controllers;
  char *ports;
  char *report;
} Look;

static void
look_free (Look *look)
{
  g_free (look->controllers);
  g_free (look->ports);
  g_free (look->report);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

/* All of it on one desk with @on. */
static Look *
look_at (const char *on)
{
  const char *arguments[]
      = { with_board,
          "--build",
          build,
          on,
          "--",
          "sh",
          "-ec",
          "portferryctl controllers --json; echo @@; portferryctl ports --json; echo @@; portferryctl report",
          NULL };
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;
  Look *look = g_new0 (Look, 1);
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, 0, NULL, NULL, &output, &errors, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("on %s: %s: %s", on, error->message, errors);
  parts = g_strsplit (output, "@@\n", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  look->controllers = g_strdup (parts[0]);
  look->ports = g_strdup (parts[1]);
  look->report = g_strdup (parts[2]);
  return look;
}

/* What stands in the boards that nobody else may learn. */
static void
assert_private (const char *text)
{
  static const char *const secrets[] = { "5F3B1CDF", "NA8TQC5E",  "4C530001181023117153",
                                         "serial",   "root=",     "/dev/",
                                         "/media",   "BOOT_IMAGE" };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (strstr (text, secrets[i]) != NULL)
      g_error ("“%s” is in the report: %s", secrets[i], text);
  g_assert_false (g_regex_match_simple ("\\b[0-9a-f]{2}([:-][0-9a-f]{2}){5}\\b", text, G_REGEX_CASELESS, 0));
  if (strlen (g_get_host_name ()) > 3)
    g_assert_null (strstr (text, g_get_host_name ()));
  g_assert_null (strstr (text, "pf-active"));
}

/* Returns: (transfer full): the file of a board that is given by its name or its file */
static char *
find_board (void)
{
  g_autofree char *file = g_strconcat (board, ".board", NULL);

  return strchr (board, '/') != NULL ? g_strdup (board)
                                     : g_build_filename (g_getenv ("G_TEST_SRCDIR"), "boards", file, NULL);
}

static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("portferry-report-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "machine.board", NULL);
  g_autofree char *original = find_board ();
  g_autoptr (Look) before = look_at (board);
  g_autoptr (Look) after = NULL;
  g_autoptr (JsonNode) node = json_from_string (before->controllers, NULL);

  g_assert_nonnull (node);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), >, 0);
  assert_private (before->report);
  g_assert_true (g_file_set_contents (path, before->report, -1, NULL));
  pf_same_board_assert (original, path);
  after = look_at (path);
  g_assert_cmpstr (after->controllers, ==, before->controllers);
  g_assert_cmpstr (after->ports, ==, before->ports);
  /* The report of the report is the report: what gets lost on the way is left out on purpose. */
  g_assert_cmpstr (after->report, ==, before->report);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 4);
  with_board = argv[1];
  build = argv[2];
  board = argv[3];
  g_setenv ("PF_LOG", "0", TRUE);
  g_test_add_func ("/report/round-trip", test_round_trip);
  return g_test_run ();
}
