/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which process has a device node open. */

#include "pf-openers.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pf-qemu-name.h"
#include "pf-text.h"

/* Bounds for trees that somebody made up, and for machines that are very busy. */
#define MAX_PROCESSES 32768
#define MAX_DESCRIPTORS 4096   /* of one process */
#define MAX_COMMAND_LINE 65536 /* bytes; libvirt gives the name first */

typedef struct
{
  char *path;
  char *name; /* last element of @path */
  dev_t number;
} Node;

static void
node_free (Node *node)
{
  g_free (node->path);
  g_free (node->name);
  g_free (node);
}

/**
 * pf_openers_new:
 *
 * Returns: (transfer full): a list of nodes
 */
GPtrArray *
pf_openers_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
}

/**
 * pf_openers_add_number:
 * @nodes: a list of nodes
 * @path: below /dev
 * @number: its device number
 */
void
pf_openers_add_number (GPtrArray *nodes, const char *path, dev_t number)
{
  Node *node = g_new0 (Node, 1);

  node->path = g_strdup (path);
  node->name = g_path_get_basename (path);
  node->number = number;
  g_ptr_array_add (nodes, node);
}

/**
 * pf_openers_add:
 * @nodes: a list of nodes
 * @tree: the kernel
 * @path: below /dev; left out when it is not there
 */
void
pf_openers_add (GPtrArray *nodes, PfTree *tree, const char *path)
{
  struct stat status;

  if (pf_tree_stat (tree, PF_TREE_DEV, path, &status))
    pf_openers_add_number (nodes, path, status.st_rdev);
}

/* Whether descriptor @name in @directory, a process's fd directory, is @node. What the link says is a first
 * sieve only: libvirt gives QEMU a /dev of its own, so that the path proves nothing, and the device number
 * decides. The sieve keeps this from asking file systems that may never answer; and where somebody gives a
 * file of his own such a name, AT_STATX_DONT_SYNC does: the number is known without asking. Outside a real
 * procfs there are no numbers. */
static gboolean
descriptor_is_node (int directory, const char *name, const Node *node, gboolean is_procfs)
{
  char target[256];
  gssize length = readlinkat (directory, name, target, sizeof target - 1);
  struct statx status;
  g_autofree char *last = NULL;

  if (length <= 0)
    return FALSE;
  target[length] = '\0';
  if (g_str_has_suffix (target, " (deleted)"))
    target[length - (gssize) strlen (" (deleted)")] = '\0';
  last = g_path_get_basename (target);
  if (strcmp (last, node->name) != 0)
    return FALSE;
  if (!is_procfs)
    return g_str_has_suffix (target, node->path);
  return statx (directory, name, AT_STATX_DONT_SYNC, STATX_TYPE, &status) == 0 && S_ISCHR (status.stx_mode)
         && makedev (status.stx_rdev_major, status.stx_rdev_minor) == node->number;
}

static gboolean
process_has_node (PfTree *tree, const char *process, const GPtrArray *nodes)
{
  g_autofree char *path = g_strdup_printf ("%s/fd", process);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_PROC, path);
  int directory
      = names->len == 0 ? -1 : pf_tree_open_quiet (tree, PF_TREE_PROC, path, O_RDONLY | O_DIRECTORY);
  gboolean found = FALSE;
  gboolean is_procfs;
  struct statfs status;

  if (directory < 0)
    return FALSE;
  is_procfs = fstatfs (directory, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
  for (guint i = 0; i < MIN (names->len, MAX_DESCRIPTORS) && !found; i++)
    for (guint j = 0; j < nodes->len && !found; j++)
      found = descriptor_is_node (directory, g_ptr_array_index (names, i), g_ptr_array_index (nodes, j),
                                  is_procfs);
  close (directory);
  return found;
}

static char *
read_command (PfTree *tree, const char *process)
{
  g_autofree char *path = g_strdup_printf ("%s/comm", process);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_PROC, path);

  return pf_text_to_name (text);
}

/* The process, as a folder in /proc, and its @name. */
static char *
find_process (PfTree *tree, const GPtrArray *nodes, const char *command, char **name)
{
  g_autoptr (GPtrArray) processes = NULL;

  if (nodes->len == 0)
    return NULL;
  processes = pf_tree_list (tree, PF_TREE_PROC, ".");
  for (guint i = 0; i < MIN (processes->len, MAX_PROCESSES); i++)
    {
      const char *process = g_ptr_array_index (processes, i);
      g_autofree char *its_name = NULL;

      if (!g_ascii_isdigit (*process))
        continue;
      if (command != NULL)
        its_name = read_command (tree, process);
      if ((command != NULL && g_strcmp0 (its_name, command) != 0) || !process_has_node (tree, process, nodes))
        continue;
      if (its_name == NULL)
        its_name = read_command (tree, process);
      *name = its_name != NULL ? g_steal_pointer (&its_name) : g_strdup ("process");
      return g_strdup (process);
    }
  return NULL;
}

/**
 * pf_openers_find:
 * @tree: the kernel
 * @nodes: from pf_openers_new()
 * @command: (nullable): look only at processes of this name
 *
 * Looks through /proc for a process that has one of @nodes open. Other people's descriptors can be seen only
 * with CAP_SYS_PTRACE.
 *
 * Returns: (transfer full) (nullable): "NAME (PID)"; NULL when nobody has, or when it cannot be told
 */
char *
pf_openers_find (PfTree *tree, const GPtrArray *nodes, const char *command)
{
  g_autofree char *name = NULL;
  g_autofree char *process = find_process (tree, nodes, command, &name);

  return process != NULL ? g_strdup_printf ("%s (%s)", name, process) : NULL;
}

/**
 * pf_openers_read_command:
 * @tree: the kernel
 * @process: its number
 *
 * Returns: (transfer full): what it calls itself; "process" where that cannot be read
 */
char *
pf_openers_read_command (PfTree *tree, const char *process)
{
  char *name = read_command (tree, process);

  return name != NULL ? name : g_strdup ("process");
}

static char *
read_vm_name (PfTree *tree, const char *process)
{
  g_autofree char *path = g_strdup_printf ("%s/cmdline", process);
  g_autofree char *bytes = g_malloc (MAX_COMMAND_LINE);
  gssize length = pf_tree_read_bytes (tree, PF_TREE_PROC, path, 0, bytes, MAX_COMMAND_LINE);

  return length > 0 ? pf_qemu_name_parse (bytes, (gsize) length) : NULL;
}

/**
 * pf_openers_describe:
 * @tree: the kernel
 * @process: its number
 *
 * Returns: (transfer full): "NAME (PID)", or "NAME “VM” (PID)" where the process runs a virtual machine that
 * has a name, which for libvirt is the domain's. The process number is behind the last "("
 */
char *
pf_openers_describe (PfTree *tree, const char *process)
{
  g_autofree char *name = pf_openers_read_command (tree, process);
  g_autofree char *vm = read_vm_name (tree, process);

  return vm != NULL ? g_strdup_printf ("%s “%s” (%s)", name, vm, process)
                    : g_strdup_printf ("%s (%s)", name, process);
}

/**
 * pf_openers_find_vm:
 * @tree: the kernel
 * @nodes: from pf_openers_new()
 *
 * As pf_openers_find(), for what virtual machines open.
 *
 * Returns: (transfer full) (nullable): as from pf_openers_describe(); NULL when nobody has, or when it cannot
 * be told
 */
char *
pf_openers_find_vm (PfTree *tree, const GPtrArray *nodes)
{
  g_autofree char *name = NULL;
  g_autofree char *process = find_process (tree, nodes, NULL, &name);

  return process != NULL ? pf_openers_describe (tree, process) : NULL;
}
