/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Device nodes, in sysfs only, and the processes that have them open. */

#include "pf-fake-open.h"

#include <string.h>

#include "pf-fake-keys.h"

#define FIELD(type, field) G_STRUCT_OFFSET (type, field)

static const PfFakeKey node_keys[] = {
  { "on", PF_FAKE_KEY_STRING, FIELD (PfFakeNodeSpec, on), NULL, TRUE },
  { "class", PF_FAKE_KEY_NAME, FIELD (PfFakeNodeSpec, class), NULL, TRUE },
  { "number", PF_FAKE_KEY_STRING, FIELD (PfFakeNodeSpec, number), NULL, TRUE },
  { "path", PF_FAKE_KEY_STRING, FIELD (PfFakeNodeSpec, path), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey open_keys[] = {
  { "node", PF_FAKE_KEY_STRING, FIELD (PfFakeOpenSpec, node), NULL, TRUE },
  { "pid", PF_FAKE_KEY_NUMBER, FIELD (PfFakeOpenSpec, pid), "1..4194304", TRUE },
  { "vm", PF_FAKE_KEY_STRING, FIELD (PfFakeOpenSpec, vm), NULL, FALSE },
  { "write", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeOpenSpec, write), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

/**
 * pf_fake_open_free_node:
 * @node: (transfer full): an element of board->nodes
 */
void
pf_fake_open_free_node (gpointer node)
{
  g_free (((PfFakeNodeSpec *) node)->name);
  pf_fake_keys_clear (node_keys, node);
  g_free (node);
}

/**
 * pf_fake_open_free_open:
 * @open: (transfer full): an element of board->opens
 */
void
pf_fake_open_free_open (gpointer open)
{
  g_free (((PfFakeOpenSpec *) open)->name);
  pf_fake_keys_clear (open_keys, open);
  g_free (open);
}

/**
 * pf_fake_open_read_node:
 *
 * Reads a [node NAME].
 *
 * Returns: FALSE with @error set when it is wrong
 */
gboolean
pf_fake_open_read_node (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeNodeSpec *node = g_new0 (PfFakeNodeSpec, 1);

  node->name = g_strdup (name);
  g_ptr_array_add (board->nodes, node);
  return pf_fake_keys_read (node_keys, node, file, group, error);
}

/**
 * pf_fake_open_read_open:
 *
 * Reads an [open NAME].
 *
 * Returns: FALSE with @error set when it is wrong
 */
gboolean
pf_fake_open_read_open (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeOpenSpec *open = g_new0 (PfFakeOpenSpec, 1);

  open->name = g_strdup (name);
  g_ptr_array_add (board->opens, open);
  return pf_fake_keys_read (open_keys, open, file, group, error);
}

static void
add_node (PfFakeKernel *kernel,
          PfFakeNode *device,
          const char *class,
          const char *name,
          const char *number,
          const char *path)
{
  g_autofree char *folder = g_strdup_printf ("%s/%s", class, name);
  g_autofree char *link = g_strdup_printf ("class/%s/%s", class, name);
  PfFakeNode *node = pf_fake_node_add_folder (device, folder);

  pf_fake_node_add_text (node, "dev", "%s\n", number);
  pf_fake_node_add_text (node, "uevent", "DEVNAME=%s\n", path);
  pf_fake_node_remove_path (kernel->sys, link);
  pf_fake_node_add_link_to (kernel->sys, link, node);
}

/**
 * pf_fake_open_attach:
 * @on: an address, or the name of a USB device
 * @device: folder of that function, or of the device's first interface
 *
 * Adds the device nodes that the board has there.
 */
void
pf_fake_open_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device)
{
  for (guint i = 0; i < kernel->board->nodes->len; i++)
    {
      const PfFakeNodeSpec *spec = g_ptr_array_index (kernel->board->nodes, i);

      if (strcmp (spec->on, on) == 0)
        add_node (kernel, device, spec->class, spec->name, spec->number,
                  spec->path != NULL ? spec->path : spec->name);
    }
}

/**
 * pf_fake_open_detach:
 * @on: as for pf_fake_open_attach()
 * @device: (nullable): the same; NULL when its folder goes anyway
 *
 * Removes what pf_fake_open_attach() has added.
 */
void
pf_fake_open_detach (PfFakeKernel *kernel, const char *on, PfFakeNode *device)
{
  for (guint i = 0; i < kernel->board->nodes->len; i++)
    {
      const PfFakeNodeSpec *spec = g_ptr_array_index (kernel->board->nodes, i);
      g_autofree char *link = g_strdup_printf ("class/%s/%s", spec->class, spec->name);
      g_autofree char *folder = g_strdup_printf ("%s/%s", spec->class, spec->name);

      if (strcmp (spec->on, on) != 0)
        continue;
      pf_fake_node_remove_path (kernel->sys, link);
      if (device != NULL)
        pf_fake_node_remove_path (device, folder);
    }
}

/**
 * pf_fake_open_attach_graphics:
 * @card: "card0"
 * @node: its folder
 *
 * Makes it have a device node.
 */
void
pf_fake_open_attach_graphics (PfFakeKernel *kernel, const char *card, PfFakeNode *node)
{
  pf_fake_node_add_text (node, "dev", "226:%s\n",
                         g_str_has_prefix (card, "card") ? card + strlen ("card") : "0");
  pf_fake_node_add_text (node, "uevent", "DEVNAME=dri/%s\nDEVTYPE=drm_minor\n", card);
}

/* As QEMU is started, where it is one: its name is the machine's. */
static void
add_command_line (PfFakeNode *process, const char *command, const char *vm)
{
  g_autoptr (GString) line = g_string_new (command);

  g_string_append_c (line, '\0');
  if (vm != NULL)
    {
      g_string_append (line, "-name");
      g_string_append_c (line, '\0');
      g_string_append_printf (line, "guest=%s", vm);
      g_string_append_c (line, '\0');
    }
  pf_fake_node_add_bytes (process, "cmdline", line->str, (gssize) line->len);
}

static guint
count_descriptors (PfFakeNode *process)
{
  PfFakeNode *folder = pf_fake_node_find (process, "fd");

  return folder != NULL ? folder->children->len : 0;
}

/**
 * pf_fake_open_open:
 * @node: below dev
 * @pid: number of the process, which may be there already
 * @command: what it calls itself
 * @write: whether it is open for writing
 * @vm: (nullable): name of the virtual machine that it runs
 *
 * A process opens a device node. The node itself need not be there.
 *
 * Returns: 0
 */
int
pf_fake_open_open (PfFakeKernel *kernel,
                   const char *node,
                   const char *pid,
                   const char *command,
                   gboolean write,
                   const char *vm)
{
  PfFakeNode *process = pf_fake_node_add_folder (kernel->proc, pid);
  guint number = 5 + count_descriptors (process);
  g_autofree char *link = g_strdup_printf ("fd/%u", number);
  g_autofree char *info = g_strdup_printf ("fdinfo/%u", number);
  g_autofree char *target = g_strdup_printf ("../../../dev/%s", node);

  if (pf_fake_node_find (process, "comm") == NULL)
    {
      pf_fake_node_add_text (process, "comm", "%s\n", command);
      add_command_line (process, command, vm);
    }
  pf_fake_node_add_link (process, link, target);
  pf_fake_node_add_text (process, info, "pos:\t0\nflags:\t%s\nmnt_id:\t25\n", write ? "0100002" : "0100000");
  return 0;
}

/**
 * pf_fake_open_boot:
 *
 * Starts the processes that the board has.
 */
void
pf_fake_open_boot (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->board->opens->len; i++)
    {
      const PfFakeOpenSpec *spec = g_ptr_array_index (kernel->board->opens, i);
      g_autofree char *pid = g_strdup_printf ("%d", spec->pid);

      pf_fake_open_open (kernel, spec->node, pid, spec->name, spec->write, spec->vm);
    }
}
