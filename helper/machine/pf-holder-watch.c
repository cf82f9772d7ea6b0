/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-holder-watch.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>

#include <glib-unix.h>

#include "pf-file.h"
#include "pf-holders.h"

/* How a VM is noticed:
 *
 * - inotify on /dev/vfio tells that a node there is opened or closed. Our own look at who holds a group opens
 * it as well, so what an event leads to is only a look through /proc, which opens nothing; no event leads to
 * the next.
 * - libvirt gives QEMU a /dev of its own, with other inodes, where inotify sees nothing. But KVM announces
 * each VM with a uevent, and a VM opens what it was given soon after: pf_holder_watch_expect() looks a few
 * times, and stops.
 * - A pidfd tells that the process has ended.
 * - That libvirt's QEMU lets go of a group and runs on, nothing tells. So while somebody waits for it
 * (everything was called home, or a switch needs the group), the group itself is asked every second, and not
 * else. */
#define SETTLE_MS 20
#define AWAITED_MS 1000
static const guint looks_ms[] = { 1000, 9000, 50000 };

struct _PfHolderWatch
{
  PfTree *tree;
  char *dev;
  GSourceFunc on_changed;
  gpointer user_data;

  int inotify;
  guint inotify_id;
  guint settle_id;
  guint look_id;
  guint looks;
  guint awaited_id;
  GArray *awaited_groups; /* of int: held, and somebody waits for them */
  GArray *free_groups;    /* of int: lent, and held by nobody when last seen */
  gboolean any_held;
  GHashTable *processes; /* pid -> Process */
};

/* One that has a group open. */
typedef struct
{
  PfHolderWatch *watch;
  pid_t pid;
  int fd;
  guint source_id;
} Process;

static void
process_free (Process *process)
{
  g_source_remove (process->source_id);
  close (process->fd);
  g_free (process);
}

static gboolean
is_anybody_there (PfHolderWatch *watch)
{
  for (guint i = 0; i < watch->free_groups->len; i++)
    {
      g_autofree char *holder = pf_holders_find (watch->tree, g_array_index (watch->free_groups, int, i));

      if (holder != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
on_settled (gpointer user_data)
{
  PfHolderWatch *watch = user_data;

  watch->settle_id = 0;
  /* Where a group is held, our own looks are refused and make no event: this one was somebody else. */
  if (watch->any_held || is_anybody_there (watch))
    watch->on_changed (watch->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_inotify_readable (int fd, GIOCondition condition, gpointer user_data)
{
  PfHolderWatch *watch = user_data;
  char buffer[4096];

  while (read (fd, buffer, sizeof buffer) > 0)
    ;
  if (watch->settle_id == 0)
    watch->settle_id = g_timeout_add (SETTLE_MS, on_settled, watch);
  return G_SOURCE_CONTINUE;
}

/**
 * pf_holder_watch_new:
 * @tree: the kernel
 * @dev: path of its /dev
 * @on_changed: called from the main loop when it is worth reading the machine; its result is ignored
 * @user_data: for @on_changed
 *
 * Returns: (transfer full): watches nothing yet
 */
PfHolderWatch *
pf_holder_watch_new (PfTree *tree, const char *dev, GSourceFunc on_changed, gpointer user_data)
{
  PfHolderWatch *watch = g_new0 (PfHolderWatch, 1);

  watch->tree = pf_tree_ref (tree);
  watch->dev = g_strdup (dev);
  watch->on_changed = on_changed;
  watch->user_data = user_data;
  watch->inotify = -1;
  watch->free_groups = g_array_new (FALSE, FALSE, sizeof (int));
  watch->awaited_groups = g_array_new (FALSE, FALSE, sizeof (int));
  watch->processes = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) process_free);
  return watch;
}

static void
stop_inotify (PfHolderWatch *watch)
{
  g_clear_handle_id (&watch->settle_id, g_source_remove);
  g_clear_handle_id (&watch->inotify_id, g_source_remove);
  if (watch->inotify >= 0)
    close (watch->inotify);
  watch->inotify = -1;
}

/**
 * pf_holder_watch_free:
 * @watch: (transfer full): a watch
 */
void
pf_holder_watch_free (PfHolderWatch *watch)
{
  stop_inotify (watch);
  g_clear_handle_id (&watch->look_id, g_source_remove);
  g_hash_table_unref (watch->processes);
  g_clear_handle_id (&watch->awaited_id, g_source_remove);
  g_array_unref (watch->free_groups);
  g_array_unref (watch->awaited_groups);
  pf_tree_unref (watch->tree);
  g_free (watch->dev);
  g_free (watch);
}

/* The folder is there since the first group is on vfio-pci, and the other one with kernels that have iommufd.
 * A folder that is watched already is the same watch again. */
static void
start_inotify (PfHolderWatch *watch)
{
  static const char *const folders[] = { "vfio", "vfio/devices" };

  if (watch->inotify < 0)
    {
      watch->inotify = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
      if (watch->inotify < 0)
        {
          g_warning ("It will be seen late that a virtual machine opens a group: %s", g_strerror (errno));
          return;
        }
      watch->inotify_id = g_unix_fd_add (watch->inotify, G_IO_IN, on_inotify_readable, watch);
    }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (watch->dev, folders[i], NULL);

      (void) inotify_add_watch (watch->inotify, path, IN_OPEN | IN_CLOSE | IN_ONLYDIR);
    }
}

static gboolean
on_process_ended (int fd, GIOCondition condition, gpointer user_data)
{
  Process *process = user_data;
  PfHolderWatch *watch = process->watch;

  g_hash_table_remove (watch->processes, GINT_TO_POINTER (process->pid));
  watch->on_changed (watch->user_data);
  return G_SOURCE_REMOVE;
}

static void
watch_process (PfHolderWatch *watch, pid_t pid)
{
  Process *process;
  int fd = pidfd_open (pid, 0);

  /* It has ended already, and what it let go of is seen at the next look. */
  if (fd < 0)
    return;
  process = g_new0 (Process, 1);
  process->watch = watch;
  process->pid = pid;
  process->fd = fd;
  process->source_id = g_unix_fd_add (fd, G_IO_IN, on_process_ended, process);
  g_hash_table_insert (watch->processes, GINT_TO_POINTER (pid), process);
}

/* The number is behind the last parenthesis, as pf_openers_find_vm() promises: names may have some too. */
static pid_t
parse_pid (const char *holder)
{
  const char *open = holder != NULL ? strrchr (holder, '(') : NULL;
  gint64 pid = open != NULL ? g_ascii_strtoll (open + 1, NULL, 10) : 0;

  return pid > 0 && pid <= G_MAXINT ? (pid_t) pid : 0;
}

static gboolean
is_not_in (gpointer pid, gpointer process, gpointer user_data)
{
  return !g_hash_table_contains (user_data, pid);
}

static void
update_processes (PfHolderWatch *watch, GHashTable *pids)
{
  GHashTableIter iter;
  gpointer pid;

  g_hash_table_foreach_remove (watch->processes, is_not_in, pids);
  g_hash_table_iter_init (&iter, pids);
  while (g_hash_table_iter_next (&iter, &pid, NULL))
    if (!g_hash_table_contains (watch->processes, pid))
      watch_process (watch, GPOINTER_TO_INT (pid));
}

static gboolean
on_awaited (gpointer user_data)
{
  PfHolderWatch *watch = user_data;

  for (guint i = 0; i < watch->awaited_groups->len; i++)
    if (!pf_holders_group_is_held (watch->tree, g_array_index (watch->awaited_groups, int, i), NULL))
      {
        watch->awaited_id = 0;
        watch->on_changed (watch->user_data);
        return G_SOURCE_REMOVE;
      }
  return G_SOURCE_CONTINUE;
}

static void
update_awaited (PfHolderWatch *watch)
{
  if (watch->awaited_groups->len == 0)
    g_clear_handle_id (&watch->awaited_id, g_source_remove);
  else if (watch->awaited_id == 0)
    watch->awaited_id = g_timeout_add (AWAITED_MS, on_awaited, watch);
}

/**
 * pf_holder_watch_update:
 * @watch: a watch
 * @board: the machine as it was just read
 * @loans: what is lent; with nothing lent, nothing is watched
 * @awaited: a switch waits for whatever is held; what was called home is waited for in any case
 */
void
pf_holder_watch_update (PfHolderWatch *watch, const PfBoard *board, const PfLoans *loans, gboolean awaited)
{
  g_autoptr (GHashTable) pids = g_hash_table_new (NULL, NULL);

  g_array_set_size (watch->free_groups, 0);
  g_array_set_size (watch->awaited_groups, 0);
  watch->any_held = FALSE;
  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfLoan *loan = loans->loans->pdata[i];
      int id = loan->group;
      const PfGroup *group = pf_board_find_group (board, id);
      pid_t pid = group != NULL && group->held ? parse_pid (group->holder) : 0;

      if (pid != 0)
        g_hash_table_add (pids, GINT_TO_POINTER (pid));
      if (group != NULL && group->held)
        watch->any_held = TRUE;
      if (group != NULL && group->held && (awaited || loan->wanted_home))
        g_array_append_val (watch->awaited_groups, id);
      if (group == NULL || !group->held)
        g_array_append_val (watch->free_groups, id);
    }
  update_processes (watch, pids);
  update_awaited (watch);
  if (loans->loans->len > 0)
    start_inotify (watch);
  else
    stop_inotify (watch);
  if (watch->free_groups->len == 0)
    g_clear_handle_id (&watch->look_id, g_source_remove);
}

static gboolean
on_look (gpointer user_data)
{
  PfHolderWatch *watch = user_data;

  watch->look_id = 0;
  if (++watch->looks < G_N_ELEMENTS (looks_ms))
    watch->look_id = g_timeout_add (looks_ms[watch->looks], on_look, watch);
  if (is_anybody_there (watch))
    watch->on_changed (watch->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * pf_holder_watch_expect:
 * @watch: a watch
 *
 * Something was lent, or a VM is being started: looks who has what is lent in a second, in ten, in a minute,
 * and no more.
 */
void
pf_holder_watch_expect (PfHolderWatch *watch)
{
  /* The first look does not wait for the last VM: somebody may start one after the other. */
  if (watch->look_id != 0 && watch->looks == 0)
    return;
  g_clear_handle_id (&watch->look_id, g_source_remove);
  watch->looks = 0;
  if (watch->free_groups->len > 0)
    watch->look_id = g_timeout_add (looks_ms[0], on_look, watch);
}
