/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-driver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pf-fake-cdev.h"
#include "pf-fake-chips.h"
#include "pf-fake-builtin.h"
#include "pf-fake-class.h"
#include "pf-fake-disk.h"
#include "pf-fake-group.h"
#include "pf-fake-lender.h"
#include "pf-fake-ops.h"
#include "pf-fake-usb.h"

/* Follows drivers/base/bus.c, drivers/base/dd.c and drivers/pci/pci-driver.c of Linux 6.1. */

static gboolean
is_vfio (const PfFakeDriver *driver)
{
  return strcmp (driver->name, "vfio-pci") == 0;
}

/**
 * pf_fake_driver_is_ordinary:
 *
 * Returns: whether a group that is given to a VM may not have a member with this driver
 */
gboolean
pf_fake_driver_is_ordinary (const PfFakeDriver *driver)
{
  return !g_str_has_prefix (driver->name, "vfio-") && strcmp (driver->name, "pci-stub") != 0
         && strcmp (driver->name, "pcieport") != 0;
}

/* pci_match_device(): an override names the only driver that may have the function. */
static gboolean
matches (const PfFakePci *pci, const PfFakeDriver *driver)
{
  if (pci->override != NULL)
    return strcmp (pci->override, driver->name) == 0;
  return pf_fake_lender_takes (driver, pci) || g_strcmp0 (pci->native, driver->name) == 0;
}

/* What the driver's own probe function says. */
static int
accept_function (const PfFakePci *pci, const PfFakeDriver *driver)
{
  if (is_vfio (driver))
    return pf_fake_pci_get_header_type (pci) == 0 && pci->group != NULL ? 0 : -EINVAL;
  if (pci->group != NULL && pci->group->holder != 0 && pf_fake_driver_is_ordinary (driver))
    return -EBUSY; /* the DMA of the group belongs to a process */
  return 0;
}

/* A device controller (0c03fe) has no root hub of its own. */
static gboolean
is_usb_host (const PfFakePci *pci)
{
  return pci->spec->class_code >> 8 == 0x0c03 && (pci->spec->class_code & 0xff) != 0xfe;
}

static void
start_driver (PfFakePci *pci)
{
  if (is_vfio (pci->driver))
    {
      pf_fake_group_join_vfio (pci->group);
      pf_fake_cdev_add (pci);
    }
  else if (is_usb_host (pci))
    pf_fake_usb_start (pci);
  else
    {
      pf_fake_disk_attach (pci->kernel, pci->spec->address, pci->node);
      pf_fake_class_attach (pci->kernel, pci->spec->address, pci->node);
      pf_fake_builtin_attach (pci->kernel, pci->spec->address, pci->node, FALSE);
    }
}

static void
stop_driver (PfFakePci *pci)
{
  if (is_vfio (pci->driver))
    {
      pf_fake_cdev_remove (pci);
      pf_fake_group_leave_vfio (pci->group);
    }
  else if (is_usb_host (pci))
    pf_fake_usb_stop (pci);
  else
    {
      pf_fake_class_detach (pci->kernel, pci->spec->address, pci->node);
      pf_fake_builtin_detach (pci->kernel, pci->spec->address);
      pf_fake_disk_detach (pci->kernel, pci->spec->address);
    }
}

/**
 * pf_fake_driver_bind:
 *
 * Gives @pci to @driver, without asking whether they match.
 *
 * Returns: 0, or a negative errno as the driver's probe function gives it
 */
int
pf_fake_driver_bind (PfFakePci *pci, PfFakeDriver *driver)
{
  int result;

  if (pci->driver != NULL)
    return -EBUSY;
  result = accept_function (pci, driver);
  if (result < 0)
    return result;
  pci->driver = driver;
  pf_fake_node_add_link_to (pci->node, "driver", driver->node);
  pf_fake_node_add_link_to (driver->node, pci->spec->address, pci->node);
  start_driver (pci);
  pf_fake_pci_emit (pci, "bind");
  return 0;
}

/**
 * pf_fake_driver_unbind:
 *
 * Takes @pci, which has a driver, away from it; does not wait for anybody who holds it.
 */
void
pf_fake_driver_unbind (PfFakePci *pci)
{
  stop_driver (pci);
  pf_fake_node_remove_path (pci->node, "driver");
  pf_fake_node_remove_path (pci->driver->node, pci->spec->address);
  pci->driver = NULL;
  pf_fake_pci_emit (pci, "unbind");
}

/**
 * pf_fake_driver_probe:
 *
 * Offers @pci to every driver that matches, as drivers_probe does.
 *
 * Returns: 0, also when no driver took it
 */
int
pf_fake_driver_probe (PfFakePci *pci)
{
  GHashTableIter iter;
  gpointer driver = g_hash_table_lookup (pci->kernel->drivers, "vfio-pci");

  /* The kernel asks drivers in the order in which they were registered. Here vfio-pci is asked first for what it was
   * told to take: the worse of the two. */
  if (driver != NULL && pci->driver == NULL && matches (pci, driver))
    pf_fake_driver_bind (pci, driver);
  g_hash_table_iter_init (&iter, pci->kernel->drivers);
  while (pci->driver == NULL && g_hash_table_iter_next (&iter, NULL, &driver))
    if (matches (pci, driver))
      pf_fake_driver_bind (pci, driver);
  return 0;
}

static PfFakePci *
find_named (PfFakeKernel *kernel, const PfFakeCall *call)
{
  g_autofree char *word = pf_fake_call_get_word (call);

  return pf_fake_kernel_find_pci (kernel, word);
}

static gboolean
is_locked (const PfFakePci *pci, const PfFakeCall *call)
{
  return pci->unbinding != NULL && pci->unbinding != call;
}

/* unbind_store(); a group that a process holds makes the caller wait, with the device's lock held. */
static int
store_unbind (gpointer owner, PfFakeCall *call)
{
  PfFakeDriver *driver = owner;
  PfFakePci *pci = find_named (driver->kernel, call);

  if (pci == NULL)
    return -ENODEV;
  if (is_locked (pci, call))
    return PF_FAKE_WAIT;
  pci->unbinding = NULL;
  if (pci->driver != driver)
    return -ENODEV;
  if (is_vfio (driver) && (pci->group->holder != 0 || pci->cdev_opener != 0))
    {
      pci->unbinding = call;
      return PF_FAKE_WAIT;
    }
  pf_fake_driver_unbind (pci);
  pf_fake_ops_wake (driver->kernel->ops);
  return 0;
}

/* bind_store() */
static int
store_bind (gpointer owner, PfFakeCall *call)
{
  PfFakeDriver *driver = owner;
  PfFakePci *pci = find_named (driver->kernel, call);

  if (pci == NULL || !matches (pci, driver))
    return -ENODEV;
  if (is_locked (pci, call))
    return PF_FAKE_WAIT;
  return pf_fake_driver_bind (pci, driver);
}

static void
probe_all (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      if (pci->driver == NULL && pci->unbinding == NULL)
        pf_fake_driver_probe (pci);
    }
}

static gboolean
parse_ids (const PfFakeCall *call, guint32 *id)
{
  guint vendor, device;

  if (sscanf (call->data, "%x %x", &vendor, &device) != 2)
    return FALSE;
  *id = vendor << 16 | (device & 0xffff);
  return TRUE;
}

static int
store_new_id (gpointer owner, PfFakeCall *call)
{
  PfFakeDriver *driver = owner;
  guint32 id;

  if (!parse_ids (call, &id))
    return -EINVAL;
  for (guint i = 0; i < driver->ids->len; i++)
    if (g_array_index (driver->ids, guint32, i) == id)
      return -EEXIST;
  g_array_append_val (driver->ids, id);
  probe_all (driver->kernel);
  return 0;
}

static int
store_remove_id (gpointer owner, PfFakeCall *call)
{
  PfFakeDriver *driver = owner;
  guint32 id;

  if (!parse_ids (call, &id))
    return -EINVAL;
  for (guint i = 0; i < driver->ids->len; i++)
    if (g_array_index (driver->ids, guint32, i) == id)
      {
        g_array_remove_index (driver->ids, i);
        return 0;
      }
  return -ENODEV;
}

/* drivers_probe_store() */
static int
store_drivers_probe (gpointer owner, PfFakeCall *call)
{
  PfFakePci *pci = find_named (owner, call);

  if (pci == NULL)
    return -ENODEV;
  if (is_locked (pci, call))
    return PF_FAKE_WAIT;
  return pci->driver != NULL ? 0 : pf_fake_driver_probe (pci);
}

static int
store_rescan (gpointer owner, PfFakeCall *call)
{
  PfFakeKernel *kernel = owner;
  g_autofree char *word = pf_fake_call_get_word (call);

  if (strcmp (word, "1") == 0)
    pf_fake_kernel_rescan (kernel);
  return 0;
}

static const PfFakeAttribute unbind_attribute = { "unbind", 0200, 0, NULL, store_unbind, NULL };
static const PfFakeAttribute bind_attribute = { "bind", 0200, 0, NULL, store_bind, NULL };
static const PfFakeAttribute new_id_attribute = { "new_id", 0200, 0, NULL, store_new_id, NULL };
static const PfFakeAttribute remove_id_attribute = { "remove_id", 0200, 0, NULL, store_remove_id, NULL };
static const PfFakeAttribute drivers_probe_attribute
    = { "drivers_probe", 0200, 0, NULL, store_drivers_probe, NULL };
static const PfFakeAttribute rescan_attribute = { "rescan", 0200, 0, NULL, store_rescan, NULL };

/**
 * pf_fake_driver_add_bus_files:
 * @bus: sys/bus/pci
 */
void
pf_fake_driver_add_bus_files (PfFakeKernel *kernel, PfFakeNode *bus)
{
  pf_fake_node_add (bus, &drivers_probe_attribute, kernel)->stable = TRUE;
  pf_fake_node_add (bus, &rescan_attribute, kernel)->stable = TRUE;
}

static void
add_module (PfFakeDriver *driver)
{
  const char *module = pf_fake_chips_get_module (driver->name);
  g_autofree char *path = g_strdup_printf ("module/%s", module);
  PfFakeNode *folder;

  if (module == NULL || (is_vfio (driver) && strcmp (driver->kernel->board->vfio_pci, "builtin") == 0))
    return;
  folder = pf_fake_node_add_folder (driver->kernel->sys, path);
  pf_fake_node_add_link_to (driver->node, "module", folder);
}

/**
 * pf_fake_driver_register:
 * @name: a PCI driver's name
 *
 * Returns: (transfer none): the driver, which may have been there before
 */
PfFakeDriver *
pf_fake_driver_register (PfFakeKernel *kernel, const char *name)
{
  PfFakeDriver *driver = g_hash_table_lookup (kernel->drivers, name);

  if (driver != NULL)
    return driver;
  driver = g_new0 (PfFakeDriver, 1);
  driver->kernel = kernel;
  driver->name = g_strdup (name);
  driver->ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  driver->node = pf_fake_node_add_folder (pf_fake_node_find (kernel->sys, "bus/pci/drivers"), name);
  pf_fake_node_add (driver->node, &bind_attribute, driver);
  pf_fake_node_add (driver->node, &unbind_attribute, driver);
  pf_fake_node_add (driver->node, &new_id_attribute, driver);
  pf_fake_node_add (driver->node, &remove_id_attribute, driver);
  add_module (driver);
  pf_fake_lender_add_ids (driver);
  if (is_vfio (driver))
    {
      PfFakeNode *device = pf_fake_node_add_text (kernel->dev, "vfio/vfio", "%s", "");

      device->mode = S_IFREG | 0666;
    }
  g_hash_table_insert (kernel->drivers, driver->name, driver);
  return driver;
}

/**
 * pf_fake_driver_free:
 */
void
pf_fake_driver_free (PfFakeDriver *driver)
{
  g_array_unref (driver->ids);
  g_free (driver->name);
  g_free (driver);
}
