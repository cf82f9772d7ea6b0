/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The nodes that programs with iommufd open: dev/iommu, and one for each function on vfio-pci. Follows
 * drivers/vfio/device_cdev.c and drivers/vfio/group.c of Linux 6.8. */

#include "pf-fake-cdev.h"

#include <errno.h>

#include "pf-fake-group.h"
#include "pf-fake-ops.h"
#include "pf-fake-uevent.h"

#define MAJOR 511
/* The descriptor under which /proc shows that one is open; any will do. */
#define OPEN_DESCRIPTOR 200

/**
 * pf_fake_cdev_add_iommu:
 *
 * Makes dev/iommu, where the kernel has iommufd (drivers/iommu/iommufd/main.c: root's, 0660).
 */
void
pf_fake_cdev_add_iommu (PfFakeKernel *kernel)
{
  if (kernel->board->iommufd)
    pf_fake_node_add_text (kernel->dev, "iommu", "%s", "")->mode = S_IFREG | 0660;
}

static int
show_device_number (gpointer owner, GString *text)
{
  g_string_append_printf (text, "%d:%u\n", MAJOR, ((PfFakePci *) owner)->cdev_number);
  return 0;
}

static const PfFakeAttribute dev_attribute = { "dev", 0444, 0, show_device_number, NULL, NULL };

static PfFakeNode *
add_device (PfFakePci *pci)
{
  g_autofree char *folder = g_strdup_printf ("vfio-dev/vfio%u", pci->cdev_number);

  return pf_fake_node_add_folder (pci->node, folder);
}

static void
emit (PfFakePci *pci, const char *action)
{
  g_autofree char *environment = g_strdup_printf ("MAJOR=%d\nMINOR=%u\nDEVNAME=vfio/devices/vfio%u\n", MAJOR,
                                                  pci->cdev_number, pci->cdev_number);

  pf_fake_uevent_send (pci->kernel, action, add_device (pci), "vfio-dev", environment);
}

/**
 * pf_fake_cdev_add:
 * @pci: a function that vfio-pci has taken
 *
 * Makes its node, owned by root and closed to others, with a number that none had before. The kernel takes
 * the lowest free one, which depends on who else comes and goes.
 */
void
pf_fake_cdev_add (PfFakePci *pci)
{
  g_autofree char *path = NULL;

  if (!pci->kernel->board->iommufd)
    return;
  pci->cdev_number = pci->kernel->last_cdev++;
  path = g_strdup_printf ("vfio/devices/vfio%u", pci->cdev_number);
  pci->cdev = pf_fake_node_add_text (pci->kernel->dev, path, "%s", "");
  pci->cdev->mode = S_IFREG | 0600;
  pf_fake_node_add (add_device (pci), &dev_attribute, pci);
  emit (pci, "add");
}

/**
 * pf_fake_cdev_remove:
 * @pci: a function that leaves vfio-pci
 */
void
pf_fake_cdev_remove (PfFakePci *pci)
{
  if (pci->cdev == NULL)
    return;
  pf_fake_cdev_close (pci);
  emit (pci, "remove");
  pf_fake_node_remove_path (pci->node, "vfio-dev");
  pf_fake_node_remove (pci->cdev);
  pci->cdev = NULL;
}

/**
 * pf_fake_cdev_open:
 * @pci: a function
 * @pid: of the process that opens its node; shown in proc
 * @command: its name
 * @arguments: its command line, beginning with the program
 * @binds: it takes the function over as well (VFIO_DEVICE_BIND_IOMMUFD), which nobody else can have then, not
 * by the group either
 *
 * Returns: 0; -ENODEV when the function has no node, -EBUSY when somebody else has it or its group
 */
int
pf_fake_cdev_open (
    PfFakePci *pci, pid_t pid, const char *command, const char *const *arguments, gboolean binds)
{
  PfFakeGroup *group = pci->group;

  if (pci->cdev == NULL)
    return -ENODEV;
  if (pci->cdev_opener != 0)
    return -EBUSY;
  if (binds && group->holder != 0 && !(group->by_device && group->holder == pid))
    return -EBUSY;
  pci->cdev_opener = pid;
  pci->cdev_bound = binds;
  if (binds)
    {
      group->holder = pid;
      group->by_device = TRUE;
    }
  pf_fake_group_show_process (pci->kernel, pid, command, arguments, OPEN_DESCRIPTOR + pci->cdev_number,
                              pci->cdev);
  return 0;
}

static gboolean
any_is_bound (const PfFakeGroup *group)
{
  gboolean any = FALSE;

  for (guint i = 0; i < group->members->len; i++)
    any |= ((const PfFakePci *) g_ptr_array_index (group->members, i))->cdev_bound;
  return any;
}

/**
 * pf_fake_cdev_close:
 * @pci: a function
 *
 * Whoever has its node open closes it; whoever waited for that goes on.
 */
void
pf_fake_cdev_close (PfFakePci *pci)
{
  PfFakeGroup *group = pci->group;

  if (pci->cdev_opener == 0)
    return;
  pf_fake_group_hide_process (pci->kernel, pci->cdev_opener, OPEN_DESCRIPTOR + pci->cdev_number);
  pci->cdev_opener = 0;
  pci->cdev_bound = FALSE;
  if (group->by_device && !any_is_bound (group))
    {
      group->holder = 0;
      group->by_device = FALSE;
    }
  pf_fake_ops_wake (pci->kernel->ops);
}
