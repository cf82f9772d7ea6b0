/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-error.h"

#define NO_OFFSET (-1)

typedef struct
{
  char *path;
  goffset offset; /* NO_OFFSET: an attribute, written from its beginning */
  char *bytes;
  gsize length;
} Write;

struct _PfWriter
{
  PfTree *tree;
  char *address;
  GPtrArray *writes;
};

/* What the child tells the parent: how many writes went well, and the errno of the one that did not. */
typedef struct
{
  guint done;
  int number;
} Report;

typedef struct
{
  PfWriter *writer;
  guint pending; /* names it among what the kernel has not answered */
  GTask *task;   /* NULL once its caller was told */
  int pipe;
  guint pipe_source;
  guint deadline_source;
  guint deadline; /* milliseconds */
} Run;

static void
write_free (Write *write)
{
  g_free (write->path);
  g_free (write->bytes);
  g_free (write);
}

/**
 * pf_writer_new:
 * @tree: where to write, below its /sys
 *
 * Returns: (transfer full): a writer with nothing to do
 */
PfWriter *
pf_writer_new (PfTree *tree)
{
  PfWriter *writer = g_new0 (PfWriter, 1);

  writer->tree = pf_tree_ref (tree);
  writer->writes = g_ptr_array_new_with_free_func ((GDestroyNotify) write_free);
  return writer;
}

/**
 * pf_writer_free:
 * @writer: (transfer full): a writer that does not run
 */
void
pf_writer_free (PfWriter *writer)
{
  pf_tree_unref (writer->tree);
  g_ptr_array_unref (writer->writes);
  g_free (writer->address);
  g_free (writer);
}

/**
 * pf_writer_set_address:
 * @writer: a writer
 * @address: PCI address of the function that all of it is about
 */
void
pf_writer_set_address (PfWriter *writer, const char *address)
{
  g_free (writer->address);
  writer->address = g_strdup (address);
}

static void
add (PfWriter *writer, const char *path, goffset offset, const void *bytes, gsize length)
{
  Write *write = g_new0 (Write, 1);

  write->path = g_strdup (path);
  write->offset = offset;
  write->bytes = g_memdup2 (bytes, length);
  write->length = length;
  g_ptr_array_add (writer->writes, write);
}

/**
 * pf_writer_add_text:
 * @writer: a writer
 * @path: of an attribute below /sys
 * @text: what to write; not "", a write of no bytes does not reach the kernel
 */
void
pf_writer_add_text (PfWriter *writer, const char *path, const char *text)
{
  g_return_if_fail (*text != '\0');
  add (writer, path, NO_OFFSET, text, strlen (text));
}

/**
 * pf_writer_add_bytes:
 * @writer: a writer
 * @path: of a binary attribute below /sys
 * @offset: in bytes
 * @bytes: what to write
 * @length: how many
 */
void
pf_writer_add_bytes (PfWriter *writer, const char *path, goffset offset, const void *bytes, gsize length)
{
  add (writer, path, offset, bytes, length);
}

/**
 * pf_writer_is_empty:
 * @writer: a writer
 *
 * Returns: whether it has nothing to do
 */
gboolean
pf_writer_is_empty (const PfWriter *writer)
{
  return writer->writes->len == 0;
}

/* Runs in the child, where only system calls are safe. Returns an errno, or 0. */
static int
do_write (PfTree *tree, const Write *write_)
{
  int descriptor = pf_tree_open_quiet (tree, PF_TREE_SYS, write_->path, O_WRONLY);
  gssize written;

  if (descriptor < 0)
    return errno;
  if (write_->offset == NO_OFFSET)
    written = write (descriptor, write_->bytes, write_->length);
  else
    written = pwrite (descriptor, write_->bytes, write_->length, write_->offset);
  if (written < 0)
    return errno;
  return (gsize) written == write_->length ? 0 : EIO;
}

/* A child may outlive the helper: it keeps no descriptor of it, or the bus would take a helper that is gone for one
 * that is there. Nor does it run the handlers of its signals: GLib's write to descriptors that are others here. What
 * asks the helper to end is ignored, so that a write is not cut off between the helper's own. */
static void
leave_parent (PfTree *tree, int pipe_)
{
  static const int ignored[] = { SIGHUP, SIGINT, SIGTERM };

  for (int number = 1; number < NSIG; number++)
    if (number != SIGKILL && number != SIGSTOP)
      signal (number, SIG_DFL);
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    signal (ignored[i], SIG_IGN);
  pf_tree_close_others_quiet (tree, pipe_, TRUE);
}

G_GNUC_NORETURN
static void
run_child (const PfWriter *writer, int pipe_)
{
  Report report = { 0 };

  leave_parent (writer->tree, pipe_);
  for (guint i = 0; i < writer->writes->len; i++, report.done++)
    {
      report.number = do_write (writer->tree, writer->writes->pdata[i]);
      if (report.number != 0)
        break;
    }
  if (write (pipe_, &report, sizeof report) != sizeof report)
    _exit (1);
  _exit (0);
}

static void
run_free (Run *run)
{
  g_clear_handle_id (&run->pipe_source, g_source_remove);
  g_clear_handle_id (&run->deadline_source, g_source_remove);
  if (run->pipe >= 0)
    close (run->pipe);
  pf_writer_free (run->writer);
  g_free (run);
}

/* The child is waited for, however long it takes, but nobody waits with us. */
static void
on_child_exited (GPid pid, int status, gpointer user_data)
{
  g_spawn_close_pid (pid);
}

static void
return_report (GTask *task, const Run *run, const Report *report)
{
  const Write *failed;
  g_autoptr (GError) error = NULL;

  if (report->number == 0)
    {
      g_task_return_int (task, 0);
      return;
    }
  failed = run->writer->writes->pdata[MIN (report->done, run->writer->writes->len - 1)];
  pf_tree_set_error (&error, report->number, TRUE, PF_TREE_SYS, failed->path);
  g_object_set_data (G_OBJECT (task), "errno", GINT_TO_POINTER (report->number));
  g_task_return_error (task, g_steal_pointer (&error));
}

/* The child has an end, in time or long after its caller was told that it was stuck. A child that was killed says
 * nothing; the pipe ends all the same. */
static gboolean
on_report (int descriptor, GIOCondition condition, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&run->task);
  Report report = { .number = EIO };

  if (read (descriptor, &report, sizeof report) != sizeof report)
    report = (Report){ .number = EIO };
  run->pipe_source = 0;
  g_clear_handle_id (&run->deadline_source, g_source_remove);
  pf_pending_remove (pf_tree_get_pending (run->writer->tree), run->pending);
  if (task != NULL)
    return_report (task, run, &report);
  run_free (run);
  return G_SOURCE_REMOVE;
}

static gboolean
on_deadline (gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&run->task);
  const Write *first = run->writer->writes->pdata[0];

  run->deadline_source = 0;
  pf_pending_mark_overdue (pf_tree_get_pending (run->writer->tree), run->pending);
  g_task_return_new_error (task, PF_ERROR, PF_ERROR_TIMED_OUT,
                           "The kernel has not answered a write to /sys/%s within %u seconds and still works "
                           "on it.",
                           first->path, run->deadline / 1000);
  return G_SOURCE_REMOVE;
}

static void
watch (Run *run, GTask *task)
{
  const Write *first = run->writer->writes->pdata[0];
  g_autofree char *what = g_strconcat ("/sys/", first->path, NULL);

  run->task = g_object_ref (task);
  run->pending = pf_pending_add (pf_tree_get_pending (run->writer->tree), run->writer->address, what);
  run->pipe_source = g_unix_fd_add (run->pipe, G_IO_IN | G_IO_HUP, on_report, run);
  run->deadline_source = g_timeout_add (run->deadline, on_deadline, run);
}

/**
 * pf_writer_run_async:
 * @writer: (transfer full): what to do; the first write that fails ends it
 * @deadline: milliseconds after which the caller is told PF_ERROR_TIMED_OUT
 * @callback: called when it is done, has failed, or the deadline is over
 * @user_data: for @callback
 */
void
pf_writer_run_async (PfWriter *writer, guint deadline, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Run *run = g_new0 (Run, 1);
  g_autoptr (GError) error = NULL;
  int pipes[2];
  pid_t pid;

  run->writer = writer;
  run->deadline = pf_tree_get_deadline (writer->tree, deadline);
  run->pipe = -1;
  if (writer->address == NULL)
    pf_writer_set_address (writer, "");
  g_task_set_source_tag (task, pf_writer_run_async);
  if (!g_unix_open_pipe (pipes, FD_CLOEXEC, &error))
    {
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_FAILED, "No pipe could be made: %s", error->message);
      run_free (run);
      return;
    }
  run->pipe = pipes[0];
  pid = fork ();
  if (pid == 0)
    run_child (writer, pipes[1]);
  close (pipes[1]);
  if (pid < 0)
    {
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_FAILED, "No process could be started: %s", g_strerror (errno));
      run_free (run);
      return;
    }
  g_child_watch_add (pid, on_child_exited, NULL);
  watch (run, task);
}

/**
 * pf_writer_run_finish:
 * @result: as given to the callback
 * @number: (out) (optional): the errno of the write that failed, or 0
 * @error: see pf_tree_set_error(); PF_ERROR_TIMED_OUT
 *
 * Returns: whether every write was accepted
 */
gboolean
pf_writer_run_finish (GAsyncResult *result, int *number, GError **error)
{
  if (number != NULL)
    *number = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (result), "errno"));
  return g_task_propagate_int (G_TASK (result), error) == 0;
}
