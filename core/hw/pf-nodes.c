/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-nodes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "pf-pci-address.h"
#include "pf-scan-place.h"

/* Seven tiers of USB, a disk with its host, target and partitions below: bounds for trees that somebody made
 * up. */
#define MAX_DEPTH 32
#define MAX_NODES 4096
#define MAX_FOLDERS 20000

struct _PfNodes
{
  GPtrArray *all;        /* of PfOpenNode */
  GHashTable *by_number; /* NumberKey, in the node → PfOpenNode */
  GHashTable *by_name;   /* last element of the path → PfOpenNode: a first sieve only */
  guint n_folders;
  gboolean is_cut;
};

typedef struct
{
  PfNodes *nodes;
  gint64 deadline;
} Walk;

static void
node_free (PfOpenNode *node)
{
  pf_scan_place_clear (&node->place);
  g_free (node->path);
  g_free (node);
}

static guint
hash_number (gconstpointer data)
{
  const PfOpenNode *node = data;

  return (guint) (node->number * 2) + (node->is_block ? 1 : 0);
}

static gboolean
same_number (gconstpointer a, gconstpointer b)
{
  const PfOpenNode *first = a, *second = b;

  return first->number == second->number && !first->is_block == !second->is_block;
}

/**
 * pf_nodes_new:
 *
 * Returns: (transfer full): no nodes yet
 */
PfNodes *
pf_nodes_new (void)
{
  PfNodes *nodes = g_new0 (PfNodes, 1);

  nodes->all = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  nodes->by_number = g_hash_table_new (hash_number, same_number);
  nodes->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return nodes;
}

/**
 * pf_nodes_free:
 * @nodes: (transfer full): nodes
 */
void
pf_nodes_free (PfNodes *nodes)
{
  g_hash_table_unref (nodes->by_number);
  g_hash_table_unref (nodes->by_name);
  g_ptr_array_unref (nodes->all);
  g_free (nodes);
}

static gboolean
begins_with_any (const char *path, const char *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    if (g_str_has_prefix (path, *prefixes))
      return TRUE;
  return FALSE;
}

/* Every session has the inputs open, every sound server the controls of all cards; who plays is told by
 * /proc/asound. */
static gboolean
means_nothing (const char *path)
{
  static const char *const always_open[]
      = { "input/", "snd/controlC", "snd/pcmC", "snd/seq", "snd/timer", NULL };

  return begins_with_any (path, always_open);
}

/**
 * pf_nodes_add:
 * @nodes: nodes
 * @place: what it is of
 * @path: below /dev
 * @number: its device number
 * @is_block: whether it is a block device
 *
 * Adds a node, unless it is there or is one that is always open and means nothing.
 */
void
pf_nodes_add (PfNodes *nodes, const PfUsePlace *place, const char *path, dev_t number, gboolean is_block)
{
  static const char *const graphics[] = { "dri/", "fb", "nvidia", NULL };
  PfOpenNode *node;

  if (nodes->all->len >= MAX_NODES || means_nothing (path)
      || pf_nodes_find_number (nodes, number, is_block) != NULL)
    return;
  node = g_new0 (PfOpenNode, 1);
  node->place.address = g_strdup (place->address);
  node->place.usb = g_strdup (place->usb);
  node->path = g_strdup (path);
  node->number = number;
  node->is_block = is_block;
  node->is_usb = g_str_has_prefix (path, "bus/usb/");
  node->is_graphics = begins_with_any (path, graphics);
  g_ptr_array_add (nodes->all, node);
  g_hash_table_insert (nodes->by_number, node, node);
  g_hash_table_replace (nodes->by_name, g_path_get_basename (path), node);
}

/* Reads the file @name in @directory; sysfs gives these without asking a driver. */
static gboolean
read_attribute (int directory, const char *name, char *text, gsize size)
{
  int descriptor = openat (directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gssize length = descriptor >= 0 ? read (descriptor, text, size - 1) : -1;

  if (descriptor >= 0)
    close (descriptor);
  if (length <= 0)
    return FALSE;
  text[length] = '\0';
  return TRUE;
}

static gboolean
read_number (int directory, const char *name, guint *number)
{
  char text[64];

  return read_attribute (directory, name, text, sizeof text) && sscanf (text, "%u", number) == 1;
}

/* "MAJOR:MINOR" */
static gboolean
read_device_number (int directory, guint *major_number, guint *minor_number)
{
  char text[64];

  return read_attribute (directory, "dev", text, sizeof text)
         && sscanf (text, "%u:%u", major_number, minor_number) == 2;
}

/* The subsystem, as the kernel's link says, or, where a copy has no links, the folder of a class that it is
 * in. */
static char *
find_class (int directory, const char *inherited)
{
  char target[256];
  gssize length = readlinkat (directory, "subsystem", target, sizeof target - 1);

  if (length <= 0)
    return g_strdup (inherited);
  target[length] = '\0';
  return g_path_get_basename (target);
}

/* As in /dev. "uevent" would say it, but reading that waits for the device's lock in some kernels
 * (uevent_show() in Linux 6.8), which an unbind that hangs holds. */
static char *
name_node (int directory, const char *class, const char *name)
{
  static const struct
  {
    const char *class;
    const char *folder;
  } classes[] = { { "drm", "dri/" }, { "usbmisc", "usb/" }, { "sound", "snd/" }, { "input", "input/" } };
  guint bus, number;

  if (read_number (directory, "busnum", &bus) && read_number (directory, "devnum", &number))
    return g_strdup_printf ("bus/usb/%03u/%03u", bus, number);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (class, classes[i].class) == 0)
      return g_strconcat (classes[i].folder, name, NULL);
  return g_strdup (name);
}

static void
add_folder (const Walk *walk, int directory, const char *name, const PfUsePlace *place, const char *inherited)
{
  g_autofree char *class = NULL;
  g_autofree char *path = NULL;
  guint major_number, minor_number;

  if (!read_device_number (directory, &major_number, &minor_number))
    return;
  class = find_class (directory, inherited);
  path = name_node (directory, class, name);
  pf_nodes_add (walk->nodes, place, path, makedev (major_number, minor_number),
                g_strcmp0 (class, "block") == 0);
}

static gboolean
is_folder (int directory, const struct dirent *entry)
{
  struct stat status;

  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;
  return fstatat (directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (status.st_mode);
}

static gboolean
may_have_nodes (int directory, const struct dirent *entry)
{
  return *entry->d_name != '.' && strcmp (entry->d_name, "power") != 0
         && !pf_pci_address_is_canonical (entry->d_name) && is_folder (directory, entry);
}

static const char *
choose_class (const char *name, const char *inherited)
{
  static const char *const classes[] = { "drm", "usbmisc", "sound", "input", "block", "tty", "hidraw", NULL };

  return g_strv_contains (classes, name) ? name : inherited;
}

/* Whether there is time and room for one more folder. */
static gboolean
may_enter (const Walk *walk, guint depth)
{
  if (depth <= MAX_DEPTH && ++walk->nodes->n_folders <= MAX_FOLDERS
      && g_get_monotonic_time () <= walk->deadline)
    return TRUE;
  walk->nodes->is_cut = TRUE;
  return FALSE;
}

static void
walk_folder (const Walk *walk,
             int descriptor,
             const char *name,
             const PfUsePlace *place,
             const char *class,
             guint depth)
{
  DIR *directory = descriptor >= 0 ? fdopendir (descriptor) : NULL;
  const struct dirent *entry;

  if (directory == NULL)
    {
      if (descriptor >= 0)
        close (descriptor);
      return;
    }
  add_folder (walk, descriptor, name, place, class);
  while ((entry = readdir (directory)) != NULL)
    {
      PfUsePlace below = *place;

      if (!may_have_nodes (descriptor, entry))
        continue;
      if (!may_enter (walk, depth))
        break;
      if (pf_scan_place_is_usb_device (entry->d_name))
        below.usb = (char *) entry->d_name;
      walk_folder (walk, openat (descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                   entry->d_name, &below, choose_class (entry->d_name, class), depth + 1);
    }
  closedir (directory);
}

/* "Device Minor: \t 0": NVIDIA's own driver makes /dev/nvidia0 without sysfs (nv_procfs_read_gpu_info() in
 * kernel-open/nvidia/nv-procfs.c of its open kernel modules; major number 195 is registered for it). */
static void
add_nvidia (PfNodes *nodes, PfTree *tree, const PfUsePlace *place)
{
  g_autofree char *file = g_strdup_printf ("driver/nvidia/gpus/%s/information", place->address);
  g_autofree char *text = pf_tree_read_table (tree, PF_TREE_PROC, file);
  const char *line = text != NULL ? strstr (text, "Device Minor:") : NULL;
  g_autofree char *path = NULL;
  guint number;

  if (line == NULL || sscanf (line + strlen ("Device Minor:"), "%u", &number) != 1 || number > 255)
    return;
  path = g_strdup_printf ("nvidia%u", number);
  pf_nodes_add (nodes, place, path, makedev (195, number), FALSE);
}

/**
 * pf_nodes_add_below:
 * @nodes: nodes
 * @tree: the kernel
 * @place: a PCI function, or a USB device below it
 * @deadline: of the monotonic clock; what is not reached then is left out
 *
 * Adds the nodes of everything at and below @place: each folder in sysfs that has a file "dev".
 */
void
pf_nodes_add_below (PfNodes *nodes, PfTree *tree, const PfUsePlace *place, gint64 deadline)
{
  const Walk walk = { nodes, deadline };
  g_autofree char *folder = place->usb != NULL ? g_strdup_printf ("bus/usb/devices/%s", place->usb)
                                               : g_strdup_printf ("bus/pci/devices/%s", place->address);

  if (may_enter (&walk, 0))
    walk_folder (&walk, pf_tree_open_quiet (tree, PF_TREE_SYS, folder, O_RDONLY | O_DIRECTORY),
                 place->usb != NULL ? place->usb : place->address, place, NULL, 1);
  if (place->usb == NULL)
    add_nvidia (nodes, tree, place);
}

/**
 * pf_nodes_count:
 * @nodes: nodes
 *
 * Returns: how many there are
 */
guint
pf_nodes_count (const PfNodes *nodes)
{
  return nodes->all->len;
}

/**
 * pf_nodes_is_cut:
 * @nodes: nodes
 *
 * Returns: whether some were left out, for want of time or because there are too many
 */
gboolean
pf_nodes_is_cut (const PfNodes *nodes)
{
  return nodes->is_cut || nodes->all->len >= MAX_NODES;
}

/**
 * pf_nodes_know_name:
 * @nodes: nodes
 * @path: of any file
 *
 * Returns: whether one of @nodes has the same last element: a first sieve
 */
gboolean
pf_nodes_know_name (const PfNodes *nodes, const char *path)
{
  const char *slash = strrchr (path, '/');

  return g_hash_table_contains (nodes->by_name, slash != NULL ? slash + 1 : path);
}

/**
 * pf_nodes_find_number:
 * @nodes: nodes
 * @number: a device number
 * @is_block: of a block device, else of a character device
 *
 * Returns: (transfer none) (nullable): the node
 */
const PfOpenNode *
pf_nodes_find_number (const PfNodes *nodes, dev_t number, gboolean is_block)
{
  const PfOpenNode key = { .number = number, .is_block = is_block };

  return g_hash_table_lookup (nodes->by_number, &key);
}

/**
 * pf_nodes_find_path:
 * @nodes: nodes
 * @path: of any file
 *
 * For where there are no device numbers, as in a saved copy.
 *
 * Returns: (transfer none) (nullable): the node that is called as @path ends
 */
const PfOpenNode *
pf_nodes_find_path (const PfNodes *nodes, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  for (guint i = 0; i < nodes->all->len; i++)
    {
      const PfOpenNode *node = g_ptr_array_index (nodes->all, i);
      g_autofree char *its = g_path_get_basename (node->path);

      /* Those of USB devices are numbers: "001/004". */
      if (node->is_usb ? g_str_has_suffix (path, node->path) : g_str_equal (its, name))
        return node;
    }
  return NULL;
}

/**
 * pf_nodes_find_usb:
 * @nodes: nodes
 * @place: of a USB device
 *
 * Returns: (transfer none) (nullable): the node of the device itself
 */
const PfOpenNode *
pf_nodes_find_usb (const PfNodes *nodes, const PfUsePlace *place)
{
  for (guint i = 0; i < nodes->all->len; i++)
    {
      const PfOpenNode *node = g_ptr_array_index (nodes->all, i);

      if (node->is_usb && g_strcmp0 (node->place.usb, place->usb) == 0)
        return node;
    }
  return NULL;
}
