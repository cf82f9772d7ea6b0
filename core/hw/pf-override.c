/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading driver_override takes the device's lock (driver_override_show() in drivers/pci/pci-sysfs.c), and so
 * does an unbind, for as long as the driver takes to let go. Unbinding from vfio-pci takes until the VM has
 * closed the device: without limit, and whoever reads waits as long, beyond the reach of kill. So a
 * disposable child reads. It answers one question after the other, and is left behind where it gets stuck. */

#include "pf-override.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-board.h"
#include "pf-text.h"

/* How long the kernel may take for one answer, which without a stuck device is microseconds; the rest is for
 * the child to be started on a busy machine. When one device is stuck, its neighbours most often are too. */
#define DEADLINE 3000     /* milliseconds */
#define NEXT_DEADLINE 500 /* milliseconds */
#define MAX_TEXT 4096     /* the kernel gives an attribute one page */
#define MAX_PATH 256      /* bytes of a path below /sys, with its end */

/* One answer of the child: an errno, or text. */
typedef struct
{
  int number;
  gssize length;
  char text[MAX_TEXT];
} Answer;

/* @socket: to the child, or -1 where there is none; a path goes there, an Answer comes back
 * @stuck: path -> the child that still waits for what it says */
typedef struct
{
  PfTree *tree;
  int socket;
  pid_t child;
  GHashTable *stuck;
} Reader;

/* Only system calls from here on. Once the kernel has let go of it, a child that nobody waits for any more
 * ends with its parent, or at its next answer. It writes nothing, so it is no witness of its parent. */
G_GNUC_NORETURN
static void
run_child (const Reader *reader, int socket)
{
  char path[MAX_PATH];
  Answer answer;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; number++)
    if (number != SIGKILL && number != SIGSTOP)
      signal (number, SIG_DFL);
  pf_tree_close_others_quiet (reader->tree, socket, FALSE);
  while (recv (socket, path, sizeof path, 0) > 0)
    {
      answer.number = 0;
      answer.length = pf_tree_read_bytes (reader->tree, PF_TREE_SYS, path, 0, answer.text, MAX_TEXT);
      if (answer.length < 0)
        answer.number = errno;
      if (send (socket, &answer, offsetof (Answer, text) + (gsize) MAX (answer.length, 0), MSG_NOSIGNAL) < 0)
        break;
    }
  _exit (0);
}

static gboolean
start_child (Reader *reader)
{
  int sockets[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
    return FALSE;
  reader->child = fork ();
  if (reader->child == 0)
    run_child (reader, sockets[1]);
  close (sockets[1]);
  if (reader->child > 0)
    {
      reader->socket = sockets[0];
      return TRUE;
    }
  close (sockets[0]);
  return FALSE;
}

static void
reap (pid_t child)
{
  while (waitpid (child, NULL, 0) < 0 && errno == EINTR)
    continue;
}

/* A child that waits for nothing but its next question ends here. */
static void
stop_child (Reader *reader)
{
  if (reader->socket < 0)
    return;
  close (reader->socket);
  reader->socket = -1;
  reap (reader->child);
}

/* The path that a child is stuck at is remembered with the child, so that the next scan neither waits for it
 * again nor starts another. It is not killed: it could not die. */
static void
give_up_on_child (Reader *reader, const char *path)
{
  close (reader->socket);
  reader->socket = -1;
  g_hash_table_replace (reader->stuck, g_strdup (path), GINT_TO_POINTER (reader->child));
}

static gboolean
ask (Reader *reader, const char *path)
{
  return (reader->socket >= 0 || start_child (reader))
         && send (reader->socket, path, strlen (path) + 1, MSG_NOSIGNAL) >= 0;
}

/* Whether the child says something, or ends, within @deadline. */
static gboolean
wait_for_child (const Reader *reader, int deadline)
{
  struct pollfd poll_ = { .fd = reader->socket, .events = POLLIN };
  gint64 end = g_get_monotonic_time () + deadline * 1000;
  int ready;

  do
    ready = poll (&poll_, 1, (int) MAX ((end - g_get_monotonic_time ()) / 1000, 0));
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

/* Returns whether the kernel answers; @text is NULL where the file cannot be read. A child ends with the thread that
 * started it: then another one is asked. */
static gboolean
read_path (Reader *reader, const char *path, int deadline, char **text)
{
  Answer answer;

  *text = NULL;
  for (guint attempt = 0; attempt < 2; attempt++, stop_child (reader))
    {
      if (!ask (reader, path))
        continue;
      if (!wait_for_child (reader, deadline))
        {
          give_up_on_child (reader, path);
          return FALSE;
        }
      if (recv (reader->socket, &answer, sizeof answer, 0) <= 0)
        continue;
      if (answer.number == 0)
        *text = pf_text_clean (answer.text, (gsize) answer.length);
      return TRUE;
    }
  return FALSE;
}

/* Whether an earlier child still waits for this one. */
static gboolean
is_still_stuck (Reader *reader, const char *path)
{
  pid_t child = (pid_t) GPOINTER_TO_INT (g_hash_table_lookup (reader->stuck, path));

  if (child == 0)
    return FALSE;
  if (waitpid (child, NULL, WNOHANG) == 0)
    return TRUE;
  g_hash_table_remove (reader->stuck, path);
  return FALSE;
}

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  stop_child (reader);
  g_hash_table_unref (reader->stuck);
  g_free (reader);
}

static Reader *
get_reader (PfTree *tree)
{
  Reader *reader = pf_tree_get_companion (tree);

  if (reader != NULL)
    return reader;
  reader = g_new0 (Reader, 1);
  reader->tree = tree;
  reader->socket = -1;
  reader->stuck = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  pf_tree_set_companion (tree, reader, reader_free);
  return reader;
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
  Reader *reader = get_reader (tree);
  int deadline = DEADLINE;

  for (guint i = 0; i < functions->len; i++)
    {
      PfFunction *function = g_ptr_array_index (functions, i);
      g_autofree char *path = make_path (function->address);
      g_autofree char *text = NULL;

      if (!function->is_pci)
        continue;
      function->is_stuck = TRUE;
      if (pf_pending_has (pf_tree_get_pending (tree), function->address) || is_still_stuck (reader, path))
        continue;
      if (!read_path (reader, path, deadline, &text))
        {
          deadline = NEXT_DEADLINE;
          continue;
        }
      function->is_stuck = FALSE;
      function->driver_override = to_driver (text);
    }
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
  Reader *reader = get_reader (tree);
  g_autofree char *path = make_path (address);
  g_autofree char *text = NULL;

  *value = NULL;
  if (is_still_stuck (reader, path) || !read_path (reader, path, DEADLINE, &text))
    return FALSE;
  *value = to_driver (text);
  return TRUE;
}
