/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading driver_override takes the device's lock (driver_override_show() in drivers/pci/pci-sysfs.c), and so
 * does an unbind, for as long as the driver takes to let go. Unbinding from vfio-pci takes until the VM has
 * closed the device: without limit, and whoever reads waits as long, beyond the reach of kill. So a
 * disposable child reads. */

#include "pf-override.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-board.h"
#include "pf-text.h"

/* How long the kernel may take for one answer, which without a stuck device is microseconds; the rest is for
 * the child to be started on a busy machine. When one device is stuck, its neighbours most often are too. */
#define DEADLINE 3000     /* milliseconds */
#define NEXT_DEADLINE 500 /* milliseconds */
#define MAX_TEXT 4096     /* the kernel gives an attribute one page */

/* One answer on its way through the pipe: an errno, or so many bytes that follow. */
typedef struct
{
  int number;
  gssize length;
} Answer;

typedef struct
{
  PfTree *tree;
  GPtrArray *paths;
  guint next; /* of @paths: the one whose answer is waited for */
  GByteArray *bytes;
  int pipe;
  pid_t child;
} Reader;

/* What is done with an answer. @text is NULL when the file could not be read; not called for a path that is
 * stuck. */
typedef void (*AnswerFunc) (guint index, const char *text, gpointer user_data);

static void
answer_one (PfTree *tree, const char *path, int pipe)
{
  char message[sizeof (Answer) + MAX_TEXT];
  Answer answer = { 0 };

  answer.length = pf_tree_read_bytes (tree, PF_TREE_SYS, path, 0, message + sizeof answer, MAX_TEXT);
  if (answer.length < 0)
    {
      answer.number = errno;
      answer.length = 0;
    }
  memcpy (message, &answer, sizeof answer);
  if (write (pipe, message, sizeof answer + (gsize) answer.length) < 0)
    _exit (1);
}

/* Only system calls from here on. Once the kernel has let go of it, a child that nobody waits for any more
 * ends with its parent, or at its next write. */
G_GNUC_NORETURN
static void
run_child (const Reader *reader, int pipe)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; number++)
    if (number != SIGKILL && number != SIGSTOP)
      signal (number, SIG_DFL);
  pf_tree_close_others_quiet (reader->tree, pipe);
  for (guint i = reader->next; i < reader->paths->len; i++)
    answer_one (reader->tree, g_ptr_array_index (reader->paths, i), pipe);
  _exit (0);
}

static gboolean
start_child (Reader *reader)
{
  int pipes[2];

  if (!g_unix_open_pipe (pipes, FD_CLOEXEC, NULL))
    return FALSE;
  reader->child = fork ();
  if (reader->child == 0)
    run_child (reader, pipes[1]);
  close (pipes[1]);
  reader->pipe = pipes[0];
  if (reader->child > 0)
    return TRUE;
  close (pipes[0]);
  return FALSE;
}

/* Takes one whole answer from what has arrived. */
static gboolean
take_answer (Reader *reader, AnswerFunc func, gpointer user_data)
{
  g_autofree char *text = NULL;
  Answer answer;

  if (reader->bytes->len < sizeof answer)
    return FALSE;
  memcpy (&answer, reader->bytes->data, sizeof answer);
  if (reader->bytes->len < sizeof answer + (gsize) answer.length)
    return FALSE;
  if (answer.number == 0)
    text = pf_text_clean ((const char *) reader->bytes->data + sizeof answer, (gsize) answer.length);
  func (reader->next++, text, user_data);
  g_byte_array_remove_range (reader->bytes, 0, (guint) (sizeof answer + (gsize) answer.length));
  return TRUE;
}

/* Waits for more bytes: FALSE when there are none within @deadline, or no more will come. */
static gboolean
receive (Reader *reader, int deadline)
{
  struct pollfd poll_ = { .fd = reader->pipe, .events = POLLIN };
  guint8 buffer[MAX_TEXT];
  gint64 end = g_get_monotonic_time () + deadline * 1000;
  gssize count;
  int ready;

  do
    ready = poll (&poll_, 1, (int) MAX ((end - g_get_monotonic_time ()) / 1000, 0));
  while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return FALSE;
  count = read (reader->pipe, buffer, sizeof buffer);
  if (count > 0)
    g_byte_array_append (reader->bytes, buffer, (guint) count);
  return count > 0;
}

/* The path that a child is stuck at is remembered with the child, so that the next scan neither waits for it
 * again nor starts another. It is not killed: it could not die. */
static void
give_up_on_child (Reader *reader)
{
  const char *path = g_ptr_array_index (reader->paths, reader->next);

  g_hash_table_replace (pf_tree_get_stuck_reads (reader->tree), g_strdup (path),
                        GINT_TO_POINTER (reader->child));
  reader->next++;
}

static void
read_with_child (Reader *reader, int deadline, AnswerFunc func, gpointer user_data)
{
  gboolean more = start_child (reader);

  if (!more)
    {
      /* No child can be started: nothing is known of any. */
      reader->next = reader->paths->len;
      return;
    }
  g_byte_array_set_size (reader->bytes, 0);
  while (more && reader->next < reader->paths->len)
    if (!take_answer (reader, func, user_data))
      more = receive (reader, deadline);
  close (reader->pipe);
  if (reader->next < reader->paths->len)
    give_up_on_child (reader);
  else
    while (waitpid (reader->child, NULL, 0) < 0 && errno == EINTR)
      continue;
}

/* Calls @func for each of @paths that the kernel tells. */
static void
read_paths (PfTree *tree, GPtrArray *paths, AnswerFunc func, gpointer user_data)
{
  Reader reader = { .tree = tree, .paths = paths, .bytes = g_byte_array_new () };
  int deadline = DEADLINE;

  while (reader.next < paths->len)
    {
      read_with_child (&reader, deadline, func, user_data);
      deadline = NEXT_DEADLINE;
    }
  g_byte_array_unref (reader.bytes);
}

/* Whether a child of an earlier scan still waits for this one. */
static gboolean
is_still_stuck (PfTree *tree, const char *path)
{
  GHashTable *stuck = pf_tree_get_stuck_reads (tree);
  pid_t child = (pid_t) GPOINTER_TO_INT (g_hash_table_lookup (stuck, path));

  if (child == 0)
    return FALSE;
  if (waitpid (child, NULL, WNOHANG) == 0)
    return TRUE;
  g_hash_table_remove (stuck, path);
  return FALSE;
}

static char *
make_path (const char *address)
{
  return g_strdup_printf ("bus/pci/devices/%s/driver_override", address);
}

/* Unset reads "(null)" or an empty line, by kernel version. */
static char *
to_driver (const char *text)
{
  return g_strcmp0 (text, "(null)") == 0 ? NULL : pf_text_to_name (text);
}

static void
set_override (guint index, const char *text, gpointer user_data)
{
  PfFunction *function = g_ptr_array_index ((GPtrArray *) user_data, index);

  function->is_stuck = FALSE;
  function->driver_override = to_driver (text);
}

/**
 * pf_override_read_all:
 * @tree: the kernel
 * @functions: (element-type PfFunction): whose overrides to read; what is no PCI function has none
 *
 * Reads all in one go. A function whose override the kernel does not tell within three seconds is
 * stuck, and so is one whose last write the kernel has not answered.
 */
void
pf_override_read_all (PfTree *tree, const GPtrArray *functions)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();

  for (guint i = 0; i < functions->len; i++)
    {
      PfFunction *function = g_ptr_array_index (functions, i);
      g_autofree char *path = make_path (function->address);

      if (!function->is_pci)
        continue;
      function->is_stuck = TRUE;
      if (pf_pending_has (pf_tree_get_pending (tree), function->address) || is_still_stuck (tree, path))
        continue;
      g_ptr_array_add (paths, g_steal_pointer (&path));
      g_ptr_array_add (asked, function);
    }
  read_paths (tree, paths, set_override, asked);
}

typedef struct
{
  gboolean is_told;
  char *value;
} Single;

static void
take_single (guint index, const char *text, gpointer user_data)
{
  Single *single = user_data;

  single->is_told = TRUE;
  single->value = to_driver (text);
}

/**
 * pf_override_read:
 * @tree: the kernel
 * @address: of a PCI function
 * @value: (out) (transfer full) (nullable): its override; NULL where it is unset or cannot be told
 *
 * Returns: whether the kernel answers about that function
 */
gboolean
pf_override_read (PfTree *tree, const char *address, char **value)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Single single = { 0 };
  char *path = make_path (address);

  g_ptr_array_add (paths, path);
  if (!is_still_stuck (tree, path))
    read_paths (tree, paths, take_single, &single);
  *value = single.value;
  return single.is_told;
}
