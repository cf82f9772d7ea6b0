/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-group.h"

#include <errno.h>
#include <string.h>

#include "pf-fake-driver.h"
#include "pf-fake-ops.h"
#include "pf-fake-uevent.h"

/* The descriptor under which /proc shows a held group; any will do. */
#define HELD_DESCRIPTOR 17

static int
find_free_id (PfFakeKernel *kernel)
{
  const PfFakeBoard *board = kernel->board;
  int id = 0;

  for (guint i = 0; i < board->functions->len; i++)
    id = MAX (id, ((PfFakeFunction *) g_ptr_array_index (board->functions, i))->group + 1);
  for (guint i = 0; i < board->members->len; i++)
    id = MAX (id, ((PfFakeMember *) g_ptr_array_index (board->members, i))->group + 1);
  while (g_hash_table_contains (kernel->groups, GINT_TO_POINTER (id)))
    id++;
  return id;
}

/* Every group has the first one on x86: interrupts are written there. */
static void
add_reserved_regions (PfFakeGroup *group)
{
  const GPtrArray *specs = group->kernel->board->groups;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < specs->len; i++)
    {
      const PfFakeGroupSpec *spec = g_ptr_array_index (specs, i);

      for (guint j = 0; spec->id == group->id && spec->reserved_regions[j] != NULL; j++)
        g_string_append_printf (text, "%s\n", spec->reserved_regions[j]);
    }
  g_string_append (text, "0x00000000fee00000 0x00000000feefffff msi\n");
  pf_fake_node_add_text (group->node, "reserved_regions", "%s", text->str);
}

/**
 * pf_fake_group_get:
 * @id: number, or PF_FAKE_AUTO for a new group
 *
 * Returns: (transfer none): the group, made where it is not there
 */
PfFakeGroup *
pf_fake_group_get (PfFakeKernel *kernel, int id)
{
  PfFakeGroup *group;
  g_autofree char *path = NULL;

  if (id == PF_FAKE_AUTO)
    id = find_free_id (kernel);
  group = g_hash_table_lookup (kernel->groups, GINT_TO_POINTER (id));
  if (group != NULL)
    return group;
  group = g_new0 (PfFakeGroup, 1);
  group->kernel = kernel;
  group->id = id;
  group->members = g_ptr_array_new ();
  group->others = g_ptr_array_new ();
  path = g_strdup_printf ("kernel/iommu_groups/%d", id);
  group->node = pf_fake_node_add_folder (kernel->sys, path);
  pf_fake_node_add_folder (group->node, "devices");
  pf_fake_node_add_text (group->node, "type", "DMA-FQ\n");
  add_reserved_regions (group);
  pf_fake_node_find (group->node, "devices")->stable = TRUE;
  pf_fake_node_mark_files_stable (group->node);
  g_hash_table_insert (kernel->groups, GINT_TO_POINTER (id), group);
  return group;
}

/**
 * pf_fake_group_free:
 */
void
pf_fake_group_free (PfFakeGroup *group)
{
  g_ptr_array_unref (group->members);
  g_ptr_array_unref (group->others);
  g_free (group);
}

/**
 * pf_fake_group_add_pci:
 */
void
pf_fake_group_add_pci (PfFakeGroup *group, PfFakePci *pci)
{
  pci->group = group;
  g_ptr_array_add (group->members, pci);
  pf_fake_node_add_link_to (pf_fake_node_find (group->node, "devices"), pci->spec->address, pci->node);
  pf_fake_node_add_link_to (pci->node, "iommu_group", group->node)->stable = TRUE;
}

/**
 * pf_fake_group_remove_pci:
 */
void
pf_fake_group_remove_pci (PfFakeGroup *group, PfFakePci *pci)
{
  g_ptr_array_remove (group->members, pci);
  pf_fake_node_remove_path (pf_fake_node_find (group->node, "devices"), pci->spec->address);
  pci->group = NULL;
  if (group->members->len == 0 && group->others->len == 0)
    {
      pf_fake_node_remove (group->node);
      g_hash_table_remove (group->kernel->groups, GINT_TO_POINTER (group->id));
    }
}

/**
 * pf_fake_group_add_member:
 *
 * Adds something that is not a PCI function.
 */
void
pf_fake_group_add_member (PfFakeGroup *group, const PfFakeMember *member)
{
  PfFakeKernel *kernel = group->kernel;
  g_autofree char *path = g_strdup_printf ("devices/%s/%s", member->bus, member->name);
  PfFakeNode *node = pf_fake_node_add_folder (kernel->sys, path);

  g_ptr_array_add (group->others, (gpointer) member);
  pf_fake_node_add_text (node, "uevent", "MODALIAS=%s:%s\n", member->bus, member->name);
  pf_fake_node_add_link_to (pf_fake_node_find (group->node, "devices"), member->name, node);
  pf_fake_node_add_link_to (node, "iommu_group", group->node);
  if (member->driver != NULL && strcmp (member->driver, "none") != 0)
    {
      g_autofree char *driver = g_strdup_printf ("bus/%s/drivers/%s", member->bus, member->driver);

      pf_fake_node_add_link_to (node, "driver", pf_fake_node_add_folder (kernel->sys, driver));
    }
}

static void
emit_device (PfFakeGroup *group, const char *action)
{
  g_autofree char *path = g_strdup_printf ("devices/virtual/vfio/%d", group->id);
  g_autofree char *environment
      = g_strdup_printf ("MAJOR=242\nMINOR=%d\nDEVNAME=vfio/%d\n", group->id, group->id);

  pf_fake_uevent_send (group->kernel, action, pf_fake_node_find (group->kernel->sys, path), "vfio",
                       environment);
}

static int
show_device_number (gpointer owner, GString *text)
{
  g_string_append_printf (text, "242:%d\n", ((PfFakeGroup *) owner)->id);
  return 0;
}

static const PfFakeAttribute dev_attribute = { "dev", 0444, 0, show_device_number, NULL, NULL };

/**
 * pf_fake_group_join_vfio:
 *
 * A member is on vfio-pci now. The first one makes the group's node appear, owned by root and closed to
 * others.
 */
void
pf_fake_group_join_vfio (PfFakeGroup *group)
{
  g_autofree char *path = g_strdup_printf ("vfio/%d", group->id);
  g_autofree char *folder = g_strdup_printf ("devices/virtual/vfio/%d", group->id);

  if (group->users++ > 0)
    return;
  group->device = pf_fake_node_add_text (group->kernel->dev, path, "%s", "");
  group->device->mode = S_IFREG | 0600;
  pf_fake_node_add (pf_fake_node_add_folder (group->kernel->sys, folder), &dev_attribute, group);
  emit_device (group, "add");
}

/**
 * pf_fake_group_leave_vfio:
 *
 * A member left vfio-pci. The node goes with the last one.
 */
void
pf_fake_group_leave_vfio (PfFakeGroup *group)
{
  g_autofree char *folder = g_strdup_printf ("devices/virtual/vfio/%d", group->id);

  if (--group->users > 0)
    return;
  emit_device (group, "remove");
  pf_fake_node_remove_path (group->kernel->sys, folder);
  pf_fake_node_remove (group->device);
  group->device = NULL;
}

static gboolean
has_ordinary_driver (const PfFakeMember *member)
{
  return member->driver != NULL && strcmp (member->driver, "none") != 0;
}

/**
 * pf_fake_group_is_viable:
 *
 * Returns: whether the kernel would let a process do DMA in the group: no member has an ordinary driver
 */
gboolean
pf_fake_group_is_viable (const PfFakeGroup *group)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFakePci *pci = g_ptr_array_index (group->members, i);

      if (pf_fake_pci_get_header_type (pci) == 0 && pci->driver != NULL
          && pf_fake_driver_is_ordinary (pci->driver))
        return FALSE;
    }
  for (guint i = 0; i < group->others->len; i++)
    if (has_ordinary_driver (g_ptr_array_index (group->others, i)))
      return FALSE;
  return TRUE;
}

/* As the kernel has it: each argument with a zero byte behind it. */
static void
add_command_line (PfFakeNode *process, const char *const *arguments)
{
  g_autoptr (GString) bytes = g_string_new (NULL);

  for (guint i = 0; arguments[i] != NULL; i++)
    g_string_append_len (bytes, arguments[i], (gssize) strlen (arguments[i]) + 1);
  pf_fake_node_add_bytes (process, "cmdline", bytes->str, bytes->len);
}

/**
 * pf_fake_group_show_process:
 * @pid: of a process
 * @command: its name
 * @arguments: its command line, beginning with the program
 * @descriptor: number of a descriptor of it
 * @device: what that one is of
 *
 * Shows in proc that a process has a node open.
 */
void
pf_fake_group_show_process (PfFakeKernel *kernel,
                            pid_t pid,
                            const char *command,
                            const char *const *arguments,
                            guint descriptor,
                            PfFakeNode *device)
{
  g_autofree char *folder = g_strdup_printf ("%d", pid);
  g_autofree char *link = g_strdup_printf ("fd/%u", descriptor);
  PfFakeNode *process = pf_fake_node_add_folder (kernel->proc, folder);

  if (pf_fake_node_find (process, "comm") == NULL)
    {
      pf_fake_node_add_text (process, "comm", "%s\n", command);
      add_command_line (process, arguments);
    }
  pf_fake_node_add_link_to (process, link, device);
}

/**
 * pf_fake_group_hide_process:
 * @pid: of a process
 * @descriptor: number of a descriptor that it closes; with the last one it ends
 */
void
pf_fake_group_hide_process (PfFakeKernel *kernel, pid_t pid, guint descriptor)
{
  g_autofree char *folder = g_strdup_printf ("%d/fd", pid);
  g_autofree char *link = g_strdup_printf ("%u", descriptor);
  PfFakeNode *descriptors = pf_fake_node_find (kernel->proc, folder);

  if (descriptors == NULL)
    return;
  pf_fake_node_remove_path (descriptors, link);
  if (descriptors->children->len == 0)
    pf_fake_node_remove (descriptors->parent);
}

/**
 * pf_fake_group_hold:
 * @pid: of the process that opens the group; shown in proc
 * @command: its name
 * @arguments: its command line, beginning with the program
 *
 * Returns: 0; -ENODEV when no member is on vfio-pci, -EBUSY when the group is held
 */
int
pf_fake_group_hold (PfFakeGroup *group, pid_t pid, const char *command, const char *const *arguments)
{
  if (group->device == NULL)
    return -ENODEV;
  if (group->holder != 0)
    return -EBUSY;
  group->holder = pid;
  pf_fake_group_show_process (group->kernel, pid, command, arguments, HELD_DESCRIPTOR + (guint) group->id,
                              group->device);
  return 0;
}

/**
 * pf_fake_group_release:
 *
 * Whoever has the group's node open lets go; whoever waited for that goes on.
 */
void
pf_fake_group_release (PfFakeGroup *group)
{
  if (group->holder == 0 || group->by_device)
    return;
  pf_fake_group_hide_process (group->kernel, group->holder, HELD_DESCRIPTOR + (guint) group->id);
  group->holder = 0;
  pf_fake_ops_wake (group->kernel->ops);
}

/**
 * pf_fake_group_from_device:
 *
 * Returns: (transfer none) (nullable): the group that @node, a file below dev, stands for
 */
PfFakeGroup *
pf_fake_group_from_device (PfFakeKernel *kernel, const PfFakeNode *node)
{
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, kernel->groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    if (((PfFakeGroup *) group)->device == node)
      return group;
  return NULL;
}
