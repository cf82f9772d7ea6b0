/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the processes that have device nodes of what a plan takes from the host open, in one pass through
 * /proc. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pf-nodes.h"
#include "pf-openers.h"
#include "pf-scan-taken.h"

/* Bounds for machines that are very busy. */
#define MAX_PROCESSES 65536
#define MAX_DESCRIPTORS 65536 /* of one process */
#define MAX_FINDINGS 256
#define LOOKS_PER_CLOCK 256

#define FINGERPRINT_DAEMON "fprintd"

typedef struct
{
  PfTree *tree;
  PfBoard *board;
  PfNodes *nodes;
  gint64 deadline;
  guint n_findings;
  gboolean is_cut;   /* the rest is not looked at */
  gboolean is_blind; /* some may not be looked at */
} Search;

typedef struct
{
  Search *search;
  const char *process; /* its number */
  char *command;       /* read when it is first needed */
  char *described;     /* the same */
  int directory;
  gboolean is_procfs;
} Process;

static gboolean
is_late (Search *search)
{
  if (g_get_monotonic_time () > search->deadline)
    search->is_cut = TRUE;
  return search->is_cut;
}

static const PfUsbDevice *
find_device (const Search *search, const PfUsePlace *place)
{
  const PfController *controller = pf_board_find_controller (search->board, place->address);

  for (guint i = 0; controller != NULL && place->usb != NULL && i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = g_ptr_array_index (controller->devices, i);

      if (g_str_equal (device->sysname, place->usb))
        return device;
    }
  return NULL;
}

/* udev opens each new disk for a moment to see what is on it. */
static gboolean
is_udev (const char *command)
{
  static const char *const names[] = { "(udev-worker)", "systemd-udevd", "udevd", NULL };

  return g_strv_contains (names, command);
}

/* What reads uninterruptible power supplies: the USB drivers of Network UPS Tools, apcupsd, CyberPower's
 * pwrstatd. */
static gboolean
reads_power (const char *command)
{
  static const char *const names[] = { "usbhid-ups",    "blazer_usb",   "nutdrv_qx",  "bcmxcp_usb",
                                       "tripplite_usb", "richcomm_usb", "riello_usb", "nutdrv_atcl_usb",
                                       "apcupsd",       "pwrstatd",     NULL };

  return g_strv_contains (names, command);
}

/* "flags:\t0100002", octal (proc(5)). A file that is closed meanwhile is not open for writing. */
static gboolean
is_open_for_writing (const Process *process, const char *descriptor)
{
  g_autofree char *path = g_strdup_printf ("%s/fdinfo/%s", process->process, descriptor);
  g_autofree char *text = pf_tree_read_text (process->search->tree, PF_TREE_PROC, path);
  const char *flags = text != NULL ? strstr (text, "flags:") : NULL;

  return flags != NULL && (g_ascii_strtoull (flags + strlen ("flags:"), NULL, 8) & O_ACCMODE) != O_RDONLY;
}

/* Printers and fingerprint readers have rules of their own: CUPS opens the printer's USB node, or the node of
 * the kernel's driver usblp, while it prints, and fprintd opens the reader while it is claimed. There is no
 * USB class for fingerprint readers, but only one program that reads them. */
static PfUseKind
choose_kind (const Process *process, const PfOpenNode *node, const char *descriptor)
{
  const PfUsbDevice *device = find_device (process->search, &node->place);

  if (node->is_block)
    return is_open_for_writing (process, descriptor) ? PF_USE_WRITTEN : PF_USE_OPEN;
  if (node->is_graphics && node->place.usb == NULL)
    return PF_USE_GRAPHICS;
  if (device != NULL && device->is_printer && (node->is_usb || g_str_has_prefix (node->path, "usb/lp")))
    return PF_USE_PRINTER;
  if (device != NULL && node->is_usb && g_str_equal (process->command, FINGERPRINT_DAEMON))
    return PF_USE_FINGERPRINT;
  return reads_power (process->command) ? PF_USE_POWER : PF_USE_OPEN;
}

static void
add_finding (Process *process, const PfOpenNode *node, const char *descriptor)
{
  Search *search = process->search;
  PfUseKind kind;

  if (process->command == NULL)
    process->command = pf_openers_read_command (search->tree, process->process);
  if (is_udev (process->command))
    return;
  if (process->described == NULL)
    process->described = pf_openers_describe (search->tree, process->process);
  kind = choose_kind (process, node, descriptor);
  if (kind == PF_USE_PRINTER || kind == PF_USE_FINGERPRINT)
    {
      const PfOpenNode *device = pf_nodes_find_usb (search->nodes, &node->place);

      pf_board_add_use (search->board, kind, &node->place, device != NULL ? device->path : node->path,
                        process->described);
    }
  else
    pf_board_add_use (search->board, kind, &node->place, process->described, node->path);
  if (++search->n_findings >= MAX_FINDINGS)
    search->is_cut = TRUE;
}

/* The name in the link is a first sieve only: libvirt gives QEMU a /dev of its own, so that the path proves nothing
 * and the device number decides. The sieve keeps us from asking file systems that may never answer. Somebody may
 * give a file on such a file system the name of a device: AT_STATX_DONT_SYNC then takes what is known without
 * asking. Outside a real procfs there are no numbers. */
static const PfOpenNode *
find_node (const Process *process, const char *descriptor)
{
  const PfNodes *nodes = process->search->nodes;
  char target[256];
  gssize length = readlinkat (process->directory, descriptor, target, sizeof target - 1);
  struct statx status;

  if (length <= 0)
    return NULL;
  target[length] = '\0';
  if (g_str_has_suffix (target, " (deleted)"))
    target[length - (gssize) strlen (" (deleted)")] = '\0';
  if (!pf_nodes_know_name (nodes, target))
    return NULL;
  if (!process->is_procfs)
    return pf_nodes_find_path (nodes, target);
  if (statx (process->directory, descriptor, AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0
      || (!S_ISCHR (status.stx_mode) && !S_ISBLK (status.stx_mode)))
    return NULL;
  return pf_nodes_find_number (nodes, makedev (status.stx_rdev_major, status.stx_rdev_minor),
                               S_ISBLK (status.stx_mode));
}

static void
look_at_descriptors (Process *process, DIR *directory)
{
  const struct dirent *entry;
  guint n_looks = 0;

  while ((entry = readdir (directory)) != NULL && !process->search->is_cut)
    {
      const PfOpenNode *node = g_ascii_isdigit (*entry->d_name) ? find_node (process, entry->d_name) : NULL;

      if (node != NULL)
        add_finding (process, node, entry->d_name);
      if (++n_looks >= MAX_DESCRIPTORS || (n_looks % LOOKS_PER_CLOCK == 0 && is_late (process->search)))
        process->search->is_cut = TRUE;
    }
}

/* Whether it is the helper itself: it only has open what it looks at. */
static gboolean
is_us (const Process *process)
{
  return process->is_procfs && g_ascii_strtoull (process->process, NULL, 10) == (guint64) getpid ();
}

static void
look_at_process (Search *search, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/fd", name);
  Process process = { .search = search, .process = name };
  DIR *directory;
  struct statfs status;

  process.directory = pf_tree_open_quiet (search->tree, PF_TREE_PROC, path, O_RDONLY | O_DIRECTORY);
  if (process.directory < 0)
    {
      /* A process that has ended is no loss. One that we may not look at is. */
      search->is_blind = search->is_blind || errno == EACCES || errno == EPERM;
      return;
    }
  process.is_procfs = fstatfs (process.directory, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
  directory = fdopendir (process.directory);
  if (directory == NULL)
    close (process.directory);
  else if (!is_us (&process))
    look_at_descriptors (&process, directory);
  if (directory != NULL)
    closedir (directory);
  g_free (process.command);
  g_free (process.described);
}

static void
look_through_processes (Search *search)
{
  g_autoptr (GPtrArray) names = pf_tree_list (search->tree, PF_TREE_PROC, ".");

  for (guint i = 0; i < names->len && !is_late (search); i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (i >= MAX_PROCESSES)
        search->is_cut = TRUE;
      else if (g_ascii_isdigit (*name))
        look_at_process (search, name);
    }
}

/**
 * pf_scan_openers:
 * @tree: the kernel
 * @board: (inout): a linked board
 * @places: (element-type PfUsePlace): what is taken from the host
 * @patience: how long this may take, in microseconds
 *
 * Adds a use for each process that has a node of @places open. Where not all processes could be looked at, be
 * it for want of time or of CAP_SYS_PTRACE, a use says that.
 */
void
pf_scan_openers (PfTree *tree, PfBoard *board, const GPtrArray *places, gint64 patience)
{
  g_autoptr (PfNodes) nodes = pf_nodes_new ();
  Search search = { tree, board, nodes, g_get_monotonic_time () + patience, 0, FALSE, FALSE };

  for (guint i = 0; i < places->len; i++)
    pf_nodes_add_below (nodes, tree, g_ptr_array_index (places, i), search.deadline);
  search.is_cut = pf_nodes_is_cut (nodes);
  if (pf_nodes_count (nodes) > 0)
    look_through_processes (&search);
  if ((search.is_cut || search.is_blind) && places->len > 0)
    pf_board_add_use (board, PF_USE_UNSEEN, g_ptr_array_index (places, 0), "processes", "open files");
}
