/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes that go well, fail, and never end, in a folder that stands for /sys. A FIFO without a reader is what
 * a kernel looks like that does not answer. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-writer.h"

#define DEADLINE 500   /* milliseconds */
#define PATIENCE 10000 /* milliseconds */

typedef struct
{
  char *path;
  PfTree *tree;
} Folder;

/* What became of a writer. */
typedef struct
{
  gboolean done;
  gboolean accepted;
  int number;
  GError *error;
} Outcome;

static void
set_up (Folder *folder, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  folder->path = g_dir_make_tmp ("pf-writer-XXXXXX", &error);
  g_assert_no_error (error);
  folder->tree = pf_tree_new (folder->path, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Folder *folder, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (folder->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder->path, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder->path), ==, 0);
  pf_tree_unref (folder->tree);
  g_free (folder->path);
}

static char *
in_folder (const Folder *folder, const char *name)
{
  return g_build_filename (folder->path, name, NULL);
}

static void
make_file (const Folder *folder, const char *name, const char *text)
{
  g_autofree char *path = in_folder (folder, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_file (const Folder *folder, const char *name, const char *text)
{
  g_autofree char *path = in_folder (folder, name);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, text);
}

static void
make_fifo (const Folder *folder, const char *name)
{
  g_autofree char *path = in_folder (folder, name);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
}

/* Opens a FIFO so that who waits in it goes on. */
static int
let_fifo_go (const Folder *folder, const char *name)
{
  g_autofree char *path = in_folder (folder, name);
  int descriptor = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  g_assert_cmpint (descriptor, >=, 0);
  return descriptor;
}

static void
on_writer_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (outcome->done);
  outcome->accepted = pf_writer_run_finish (result, &outcome->number, &outcome->error);
  outcome->done = TRUE;
}

static gboolean
on_patience_over (gpointer user_data)
{
  g_error ("nothing happens");
  return G_SOURCE_REMOVE;
}

static void
wait_for (gboolean *condition)
{
  guint patience = g_timeout_add (PATIENCE, on_patience_over, NULL);

  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
run (PfWriter *writer, guint deadline, Outcome *outcome)
{
  pf_writer_run_async (writer, deadline, on_writer_done, outcome);
  g_assert_false (outcome->done);
  wait_for (&outcome->done);
  g_assert_cmpint (outcome->accepted, ==, outcome->error == NULL);
}

static void
clear_outcome (Outcome *outcome)
{
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

/* The processes that are children of this one: what has ended and was not waited for counts. */
static guint
count_children (pid_t *first)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", getpid ());
  g_autofree char *text = NULL;
  g_auto (GStrv) pids = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  pids = g_strsplit (g_strstrip (text), " ", -1);
  if (first != NULL && pids[0] != NULL)
    *first = (pid_t) g_ascii_strtoull (pids[0], NULL, 10);
  return g_strv_length (pids);
}

static void
assert_all_reaped (void)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND;

  while (count_children (NULL) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
test_text (Folder *folder, gconstpointer data)
{
  PfWriter *writer = pf_writer_new (folder->tree);
  g_auto (Outcome) outcome = { 0 };

  make_file (folder, "unbind", "............");
  make_file (folder, "bind", "");
  g_assert_true (pf_writer_is_empty (writer));
  pf_writer_add_text (writer, "unbind", "0000:00:1a.0");
  pf_writer_add_text (writer, "bind", "\n");
  g_assert_false (pf_writer_is_empty (writer));
  run (writer, PATIENCE, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.number, ==, 0);
  assert_file (folder, "unbind", "0000:00:1a.0");
  assert_file (folder, "bind", "\n");
  assert_all_reaped ();
}

static void
test_bytes (Folder *folder, gconstpointer data)
{
  PfWriter *writer = pf_writer_new (folder->tree);
  g_auto (Outcome) outcome = { 0 };

  make_file (folder, "config", "0123456789");
  pf_writer_add_bytes (writer, "config", 4, "abcd", 4);
  run (writer, PATIENCE, &outcome);
  g_assert_no_error (outcome.error);
  assert_file (folder, "config", "0123abcd89");
}

/* What comes after a failure is not written, and the failure says where it was. */
static void
test_first_failure_ends (Folder *folder, gconstpointer data)
{
  PfWriter *writer = pf_writer_new (folder->tree);
  g_auto (Outcome) outcome = { 0 };

  make_file (folder, "one", "1");
  make_file (folder, "three", "3");
  pf_writer_add_text (writer, "one", "x");
  pf_writer_add_text (writer, "two", "x");
  pf_writer_add_text (writer, "three", "x");
  run (writer, PATIENCE, &outcome);
  g_assert_error (outcome.error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_cmpint (outcome.number, ==, ENOENT);
  g_assert_nonnull (strstr (outcome.error->message, "/sys/two"));
  assert_file (folder, "one", "x");
  assert_file (folder, "three", "3");
  assert_all_reaped ();
}

/* A folder cannot be written, and nothing is made where nothing is. */
static void
test_refusals (Folder *folder, gconstpointer data)
{
  PfWriter *directory = pf_writer_new (folder->tree), *absent = pf_writer_new (folder->tree);
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };
  g_autofree char *path = in_folder (folder, "absent");

  pf_writer_add_text (directory, ".", "x");
  run (directory, PATIENCE, &first);
  g_assert_error (first.error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_cmpint (first.number, ==, EISDIR);
  pf_writer_add_text (absent, "absent", "x");
  run (absent, PATIENCE, &second);
  g_assert_error (second.error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* No link leads the root helper's pen out of /sys. */
static void
test_links_out (Folder *folder, gconstpointer data)
{
  static const char *const targets[] = { "/etc/passwd", "../outside", "../../../../etc/passwd" };
  g_autofree char *link = in_folder (folder, "link");

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      PfWriter *writer = pf_writer_new (folder->tree);
      g_auto (Outcome) outcome = { 0 };

      g_assert_cmpint (symlink (targets[i], link), ==, 0);
      pf_writer_add_text (writer, "link", "x");
      run (writer, PATIENCE, &outcome);
      g_assert_error (outcome.error, PF_ERROR, PF_ERROR_WRITE_FAILED);
      g_assert_cmpint (outcome.number, ==, EXDEV);
      g_unlink (link);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

/* The caller is told at the deadline, others were served meanwhile, and the child ends when the kernel lets
 * it. */
static void
test_deadline (Folder *folder, gconstpointer data)
{
  PfWriter *writer = pf_writer_new (folder->tree);
  g_auto (Outcome) outcome = { 0 };
  guint ticks = 0;
  guint ticker = g_timeout_add (10, on_tick, &ticks);
  gint64 start = g_get_monotonic_time (), elapsed;
  char text[16] = "";
  int reader;

  make_fifo (folder, "unbind");
  pf_writer_add_text (writer, "unbind", "0000:00:1a.0");
  run (writer, DEADLINE, &outcome);
  elapsed = (g_get_monotonic_time () - start) / G_TIME_SPAN_MILLISECOND;
  g_source_remove (ticker);
  g_assert_error (outcome.error, PF_ERROR, PF_ERROR_TIMED_OUT);
  g_assert_cmpint (outcome.number, ==, 0);
  g_assert_nonnull (strstr (outcome.error->message, "/sys/unbind"));
  g_assert_cmpint (elapsed, >=, DEADLINE);
  g_assert_cmpint (elapsed, <, PATIENCE);
  g_assert_cmpuint (ticks, >=, 2);
  g_assert_cmpuint (count_children (NULL), ==, 1);
  reader = let_fifo_go (folder, "unbind");
  assert_all_reaped ();
  g_assert_cmpint (read (reader, text, sizeof text - 1), ==, 12);
  g_assert_cmpstr (text, ==, "0000:00:1a.0");
  close (reader);
}

/* One that is stuck does not hold up others. */
static void
test_parallel (Folder *folder, gconstpointer data)
{
  PfWriter *stuck = pf_writer_new (folder->tree), *quick = pf_writer_new (folder->tree);
  g_auto (Outcome) late = { 0 };
  g_auto (Outcome) soon = { 0 };
  int reader;

  make_fifo (folder, "stuck");
  make_file (folder, "quick", "");
  pf_writer_add_text (stuck, "stuck", "x");
  pf_writer_add_text (quick, "quick", "x");
  pf_writer_run_async (stuck, PATIENCE, on_writer_done, &late);
  run (quick, PATIENCE, &soon);
  g_assert_no_error (soon.error);
  g_assert_false (late.done);
  reader = let_fifo_go (folder, "stuck");
  wait_for (&late.done);
  g_assert_no_error (late.error);
  close (reader);
  assert_all_reaped ();
}

static pid_t
start_stuck (const Folder *folder, Outcome *outcome)
{
  PfWriter *writer = pf_writer_new (folder->tree);
  pid_t child = 0;

  make_fifo (folder, "stuck");
  pf_writer_add_text (writer, "stuck", "x");
  pf_writer_run_async (writer, PATIENCE, on_writer_done, outcome);
  g_assert_cmpuint (count_children (&child), ==, 1);
  return child;
}

/* Waits until a process sleeps in an open or a write: before that it is still on its way there. */
static void
wait_until_asleep (pid_t child)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", child);
  gint64 end = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *text = NULL;
      const char *state;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      state = strrchr (text, ')');
      if (state != NULL && state[2] == 'S')
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (1000);
    }
}

/* A child that is killed has not written: that is a failure, at once, and no silence until the deadline. */
static void
test_killed (Folder *folder, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  pid_t child = start_stuck (folder, &outcome);

  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_cmpint (outcome.number, ==, EIO);
  assert_all_reaped ();
}

static gboolean
on_term (gpointer user_data)
{
  g_assert_not_reached ();
}

/* systemd asks all processes of a unit to end at once: what is being written is written to its end. */
static void
test_terminated (Folder *folder, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint handler = g_unix_signal_add (SIGTERM, on_term, NULL);
  pid_t child = start_stuck (folder, &outcome);
  int reader;

  wait_until_asleep (child);
  g_assert_cmpint (kill (child, SIGTERM), ==, 0);
  g_assert_cmpint (kill (child, SIGHUP), ==, 0);
  reader = let_fifo_go (folder, "stuck");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_source_remove (handler);
  close (reader);
  assert_all_reaped ();
}

/* A stuck child has none of the helper's descriptors: when the helper goes, the bus sees that it is gone. */
static void
test_descriptors_are_left (Folder *folder, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  int pipes[2], far = 700, reader;
  struct pollfd poll_end;
  pid_t child;

  g_assert_cmpint (pipe2 (pipes, O_CLOEXEC), ==, 0);
  g_assert_cmpint (dup2 (pipes[1], far), ==, far);
  child = start_stuck (folder, &outcome);
  wait_until_asleep (child);
  close (pipes[1]);
  close (far);
  poll_end = (struct pollfd){ .fd = pipes[0], .events = POLLIN };
  g_assert_cmpint (poll (&poll_end, 1, PATIENCE), ==, 1);
  g_assert_cmpint (poll_end.revents, ==, POLLHUP);
  g_assert_false (outcome.done);
  reader = let_fifo_go (folder, "stuck");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  close (reader);
  close (pipes[0]);
  assert_all_reaped ();
}

/* Freeing one that never ran starts nothing. */
static void
test_unused (Folder *folder, gconstpointer data)
{
  g_autoptr (PfWriter) writer = pf_writer_new (folder->tree);

  pf_writer_add_text (writer, "unbind", "x");
  g_assert_cmpuint (count_children (NULL), ==, 0);
}

/* A test that fails takes the children with it that it has left waiting. */
static void
on_abort (int number)
{
  kill (-getpgrp (), SIGKILL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Folder *folder, gconstpointer data);
  } tests[] = {
    { "/writer/text", test_text },
    { "/writer/bytes", test_bytes },
    { "/writer/first-failure", test_first_failure_ends },
    { "/writer/refusals", test_refusals },
    { "/writer/links-out", test_links_out },
    { "/writer/deadline", test_deadline },
    { "/writer/parallel", test_parallel },
    { "/writer/killed", test_killed },
    { "/writer/terminated", test_terminated },
    { "/writer/descriptors", test_descriptors_are_left },
    { "/writer/unused", test_unused },
  };

  g_test_init (&argc, &argv, NULL);
  setpgid (0, 0);
  signal (SIGABRT, on_abort);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Folder, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
