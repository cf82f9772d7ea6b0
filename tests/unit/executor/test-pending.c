/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the kernel has not answered: known while it lasts, said when it is overdue, and forgotten when it is
 * answered. */

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-tree.h"
#include "pf-writer.h"

#define ADDRESS "0000:00:1a.0"
#define DEADLINE_MS 50
#define PATIENCE_MS 5000

typedef struct
{
  char *folder;
  char *fifo;
  PfTree *tree;
  guint calls;
  gboolean done;
  GError *error;
} Fixture;

static void
on_pending_changed (gpointer user_data)
{
  ((Fixture *) user_data)->calls++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("portferry-test-XXXXXX", NULL);
  fixture->fifo = g_build_filename (fixture->folder, "unbind", NULL);
  g_assert_cmpint (mkfifo (fixture->fifo, 0600), ==, 0);
  fixture->tree = pf_tree_new (fixture->folder, NULL, NULL, &error);
  g_assert_no_error (error);
  pf_pending_set_callback (pf_tree_get_pending (fixture->tree), on_pending_changed, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  pf_tree_unref (fixture->tree);
  g_unlink (fixture->fifo);
  g_rmdir (fixture->folder);
  g_free (fixture->fifo);
  g_free (fixture->folder);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  pf_writer_run_finish (result, NULL, &fixture->error);
  fixture->done = TRUE;
}

/* Opening a FIFO to write hangs until somebody opens it to read, as a write to sysfs can. */
static void
start_write (Fixture *fixture, guint deadline)
{
  PfWriter *writer = pf_writer_new (fixture->tree);

  pf_writer_set_address (writer, ADDRESS);
  pf_writer_add_text (writer, "unbind", ADDRESS);
  pf_writer_run_async (writer, deadline, on_written, fixture);
}

static void
answer (Fixture *fixture)
{
  int reader = open (fixture->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

  while (pf_pending_has (pf_tree_get_pending (fixture->tree), ADDRESS) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  close (reader);
}

static void
assert_no_zombie (void)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

  while (waitid (P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG | WNOWAIT) == 0
         && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpint (waitid (P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG | WNOWAIT), ==, -1);
}

static void
test_in_time (Fixture *fixture, gconstpointer data)
{
  const PfPending *pending = pf_tree_get_pending (fixture->tree);

  g_assert_false (pf_pending_has (pending, ADDRESS));
  start_write (fixture, PATIENCE_MS);
  g_assert_true (pf_pending_has (pending, ADDRESS));
  g_assert_null (pf_pending_find_overdue (pending, ADDRESS));
  g_assert_true (pf_pending_check (pending, ADDRESS, NULL));
  answer (fixture);
  g_assert_true (fixture->done);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->calls, ==, 0);
  assert_no_zombie ();
}

static void
test_overdue (Fixture *fixture, gconstpointer data)
{
  const PfPending *pending = pf_tree_get_pending (fixture->tree);
  g_autoptr (GError) error = NULL;

  start_write (fixture, DEADLINE_MS);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (fixture->error, PF_ERROR, PF_ERROR_TIMED_OUT);
  g_assert_cmpuint (fixture->calls, ==, 1);
  g_assert_cmpstr (pf_pending_find_overdue (pending, ADDRESS), ==, "/sys/unbind");
  g_assert_cmpstr (pf_pending_get_first_overdue (pending), ==, ADDRESS);
  g_assert_null (pf_pending_find_overdue (pending, "0000:00:1d.0"));
  g_assert_false (pf_pending_check (pending, ADDRESS, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_TIMED_OUT);
  answer (fixture);
  g_assert_false (pf_pending_has (pending, ADDRESS));
  g_assert_null (pf_pending_get_first_overdue (pending));
  g_assert_cmpuint (fixture->calls, ==, 2);
  assert_no_zombie ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pending/in-time", Fixture, NULL, set_up, test_in_time, tear_down);
  g_test_add ("/pending/overdue", Fixture, NULL, set_up, test_overdue, tear_down);
  return g_test_run ();
}
