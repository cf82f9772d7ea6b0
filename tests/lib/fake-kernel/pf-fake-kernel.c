/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-kernel.h"

#include <string.h>

#include "pf-fake-board-text.h"
#include "pf-fake-builtin.h"
#include "pf-fake-cdev.h"
#include "pf-fake-class.h"
#include "pf-fake-config.h"
#include "pf-fake-cpu.h"
#include "pf-fake-disk.h"
#include "pf-fake-driver.h"
#include "pf-fake-group.h"
#include "pf-fake-lender.h"
#include "pf-fake-open.h"
#include "pf-fake-ops.h"
#include "pf-fake-plug.h"
#include "pf-fake-uevent.h"

/**
 * pf_fake_kernel_fail:
 * @group: kind of the group in the board file
 * @name: the rest of its name
 *
 * Sets an error that names the board file, the line, the group and the key.
 *
 * Returns: FALSE
 */
gboolean
pf_fake_kernel_fail (PfFakeKernel *kernel,
                     const char *group,
                     const char *name,
                     const char *key,
                     GError **error,
                     const char *format,
                     ...)
{
  g_autofree char *whole = g_strconcat (group, " ", name, NULL);
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s:%u: [%s] %s: %s",
               kernel->board->path, pf_fake_board_text_find_line (kernel->board->text, whole, key), whole,
               key, message);
  return FALSE;
}

/**
 * pf_fake_kernel_object:
 * @group: kind of the group in the board file
 * @name: the rest of its name
 * @key: in it
 * @message: what is wrong
 *
 * For what shows where no error can be handed on: a machine that boots is refused when it is through. In one
 * that runs, it has no consequence.
 */
void
pf_fake_kernel_object (
    PfFakeKernel *kernel, const char *group, const char *name, const char *key, const char *message)
{
  if (kernel->problem == NULL)
    pf_fake_kernel_fail (kernel, group, name, key, &kernel->problem, "%s", message);
}

/* Whatever the board says twice comes out in a folder with two of the same name. */
static gboolean
check_outcome (PfFakeKernel *kernel, GError **error)
{
  const char *twice = pf_fake_node_get_twice (kernel->root);

  if (kernel->problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&kernel->problem));
      return FALSE;
    }
  if (twice != NULL)
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                 "%s:1: two groups of this board make the same file, %s", kernel->board->path, twice);
  return twice == NULL;
}

/**
 * pf_fake_kernel_find_pci:
 *
 * Returns: (transfer none) (nullable): the function with this address, if it is there
 */
PfFakePci *
pf_fake_kernel_find_pci (PfFakeKernel *kernel, const char *address)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      if (strcmp (pci->spec->address, address) == 0)
        return pci;
    }
  return NULL;
}

/* Of the firmware's tables only their names are there: what is in them is root's. */
static void
add_firmware_tables (PfFakeKernel *kernel)
{
  const PfFakeBoard *board = kernel->board;

  pf_fake_node_add_text (kernel->sys, "firmware/acpi/tables/DSDT", "%s", "");
  if (board->iommu_table)
    {
      g_autofree char *path
          = g_strconcat ("firmware/acpi/tables/", pf_fake_cpu_get_iommu_table (board), NULL);

      pf_fake_node_add_text (kernel->sys, path, "%s", "");
    }
}

static void
add_folders (PfFakeKernel *kernel)
{
  static const char *const fixed[] = {
    "bus",         "bus/pci",         "bus/pci/devices", "bus/pci/drivers", "bus/usb",  "bus/usb/devices",
    "bus/usb/drivers", "class",       "class/block",     "class/bluetooth", "class/drm", "class/input",
    "class/iommu", "class/net",       "class/sound",     "block",           "dev",      "dev/block",
    "devices",     "module",          "kernel",          "firmware",        "firmware/acpi", "firmware/acpi/tables",
  };
  const PfFakeBoard *board = kernel->board;

  kernel->root = pf_fake_node_new_root ();
  kernel->sys = pf_fake_node_add_folder (kernel->root, "sys");
  kernel->dev = pf_fake_node_add_folder (kernel->root, "dev");
  kernel->proc = pf_fake_node_add_folder (kernel->root, "proc");
  kernel->udev = pf_fake_node_add_folder (kernel->root, "udev");
  kernel->etc = pf_fake_node_add_folder (kernel->root, "etc");
  kernel->sys->stable = kernel->dev->stable = kernel->proc->stable = kernel->udev->stable = TRUE;
  kernel->etc->stable = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    pf_fake_node_add_folder (kernel->sys, fixed[i])->stable = TRUE;
  pf_fake_node_add_text (kernel->sys, "kernel/security/lockdown", "%s\n",
                         board->lockdown ? "none [integrity] confidentiality"
                                         : "[none] integrity confidentiality");
  add_firmware_tables (kernel);
  if (strcmp (board->iommu, "absent") != 0)
    pf_fake_node_add_folder (kernel->sys, "kernel/iommu_groups")->stable = TRUE;
  if (strcmp (board->iommu, "on") == 0)
    pf_fake_node_add_folder (pf_fake_node_find (kernel->sys, "class/iommu"), pf_fake_cpu_get_iommu (board));
}

static void
add_proc_files (PfFakeKernel *kernel)
{
  const PfFakeBoard *board = kernel->board;

  pf_fake_cpu_add_proc_files (kernel);
  pf_fake_node_add_text (kernel->proc, "cmdline", "%s\n",
                         board->cmdline != NULL ? board->cmdline
                                                : "BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet");
  pf_fake_cdev_add_iommu (kernel);
  pf_fake_node_add_text (kernel->proc, "sys/kernel/osrelease", "%s\n", board->kernel);
  pf_fake_disk_add_proc_files (kernel);
  pf_fake_class_add_proc_files (kernel);
}

static gboolean
add_functions (PfFakeKernel *kernel, GError **error)
{
  for (guint i = 0; i < kernel->board->functions->len; i++)
    if (pf_fake_pci_new (kernel, g_ptr_array_index (kernel->board->functions, i), error) == NULL)
      return FALSE;
  return TRUE;
}

static void
add_members (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->board->members->len; i++)
    {
      const PfFakeMember *member = g_ptr_array_index (kernel->board->members, i);

      if (strcmp (kernel->board->iommu, "on") == 0)
        pf_fake_group_add_member (pf_fake_group_get (kernel, member->group), member);
    }
}

/* A [group] that no function is in would show nowhere; it is a mistake in the board. */
static gboolean
check_groups (PfFakeKernel *kernel, GError **error)
{
  for (guint i = 0; i < kernel->board->groups->len; i++)
    {
      const PfFakeGroupSpec *spec = g_ptr_array_index (kernel->board->groups, i);
      g_autofree char *name = g_strdup_printf ("%d", spec->id);

      if (!g_hash_table_contains (kernel->groups, GINT_TO_POINTER (spec->id)))
        return pf_fake_kernel_fail (kernel, "group", name, "reserved-regions", error,
                                    "there is no such IOMMU group");
    }
  return TRUE;
}

static void
register_drivers (PfFakeKernel *kernel)
{
  static const char *const always[]
      = { "ehci-pci", "ohci-pci", "uhci_hcd", "xhci_hcd", "pcieport", "pci-stub" };

  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    pf_fake_driver_register (kernel, always[i]);
  if (strcmp (kernel->board->vfio_pci, "builtin") == 0 || kernel->board->vfio_ids != NULL)
    pf_fake_driver_register (kernel, "vfio-pci");
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      const PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      if (pci->native != NULL)
        pf_fake_driver_register (kernel, pci->native);
      if (pci->spec->driver != NULL && strcmp (pci->spec->driver, "none") != 0)
        pf_fake_driver_register (kernel, pci->spec->driver);
    }
}

static gboolean
bind_at_boot (PfFakePci *pci, GError **error)
{
  PfFakeDriver *vfio = g_hash_table_lookup (pci->kernel->drivers, "vfio-pci");
  const char *name = pci->spec->driver != NULL ? pci->spec->driver : pci->native;
  int result;

  if (pci->spec->driver == NULL && pf_fake_lender_takes (vfio, pci))
    name = vfio->name;
  if (pci->driver != NULL || name == NULL || strcmp (name, "none") == 0)
    return TRUE;
  result = pf_fake_driver_bind (pci, g_hash_table_lookup (pci->kernel->drivers, name));
  if (result < 0)
    return pf_fake_kernel_fail (pci->kernel, "function", pci->spec->declared, "driver", error,
                                "%s does not take this function: %s", name, g_strerror (-result));
  return TRUE;
}

/* As on most machines, EHCIs come before xHCIs, and what can lie below USB after both. */
static gboolean
bind_all_at_boot (PfFakeKernel *kernel, GError **error)
{
  static const guint32 first[] = { 0x0c0320, 0x0c0310, 0x0c0300, 0x0c0330 };

  for (guint pass = 0; pass <= G_N_ELEMENTS (first); pass++)
    for (guint i = 0; i < kernel->pci->len; i++)
      {
        PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

        if ((pass == G_N_ELEMENTS (first) || pci->spec->class_code == first[pass])
            && !bind_at_boot (pci, error))
          return FALSE;
      }
  return TRUE;
}

/* Overrides that somebody set before us: kernel parameters, driverctl. */
static void
set_overrides (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      pci->override = g_strdup (pci->spec->override);
    }
}

static gboolean
boot (PfFakeKernel *kernel, GError **error)
{
  if (!add_functions (kernel, error))
    return FALSE;
  add_members (kernel);
  register_drivers (kernel);
  if (!check_groups (kernel, error))
    return FALSE;
  if (!pf_fake_class_check_board (kernel, error) || !pf_fake_builtin_check_board (kernel, error)
      || !bind_all_at_boot (kernel, error)
      || !pf_fake_plug_check_board (kernel, error))
    return FALSE;
  set_overrides (kernel);
  pf_fake_builtin_start (kernel);
  pf_fake_plug_settle (kernel);
  pf_fake_class_boot (kernel);
  pf_fake_disk_boot (kernel);
  pf_fake_open_boot (kernel);
  pf_fake_node_mark_files_stable (kernel->sys);
  pf_fake_node_mark_files_stable (kernel->proc);
  return check_outcome (kernel, error);
}

/**
 * pf_fake_kernel_new:
 * @board: (transfer full): what the machine has
 * @uevent: (transfer full) (nullable): where uevents go from now on
 *
 * Boots.
 *
 * Returns: (transfer full): the running kernel; NULL with @error set when the board file makes no sense
 */
PfFakeKernel *
pf_fake_kernel_new (PfFakeBoard *board, PfFakeUevent *uevent, GError **error)
{
  g_autoptr (PfFakeKernel) kernel = g_new0 (PfFakeKernel, 1);

  kernel->board = board;
  kernel->pci = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_fake_pci_free);
  kernel->drivers
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) pf_fake_driver_free);
  kernel->groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pf_fake_group_free);
  kernel->plugs = g_ptr_array_new ();
  kernel->disks = g_ptr_array_new_with_free_func (pf_fake_disk_free);
  kernel->seen_disks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  kernel->builtins = g_ptr_array_new_with_free_func (pf_fake_builtin_free);
  kernel->ops = pf_fake_ops_new ();
  add_folders (kernel);
  add_proc_files (kernel);
  pf_fake_lender_add_files (kernel);
  pf_fake_driver_add_bus_files (kernel, pf_fake_node_find (kernel->sys, "bus/pci"));
  if (!boot (kernel, error))
    {
      g_clear_pointer (&uevent, pf_fake_uevent_free);
      return NULL;
    }
  kernel->uevent = uevent;
  return g_steal_pointer (&kernel);
}

/**
 * pf_fake_kernel_free:
 */
void
pf_fake_kernel_free (PfFakeKernel *kernel)
{
  g_clear_pointer (&kernel->uevent, pf_fake_uevent_free);
  kernel->forget = NULL;
  pf_fake_plug_free_all (kernel);
  while (kernel->pci->len > 0)
    pf_fake_pci_vanish (g_ptr_array_index (kernel->pci, kernel->pci->len - 1));
  g_clear_handle_id (&kernel->settle_source, g_source_remove);
  g_ptr_array_unref (kernel->pci);
  g_ptr_array_unref (kernel->plugs);
  g_ptr_array_unref (kernel->disks);
  g_hash_table_unref (kernel->drivers);
  g_hash_table_unref (kernel->groups);
  g_hash_table_unref (kernel->seen_disks);
  g_ptr_array_unref (kernel->builtins);
  g_clear_error (&kernel->problem);
  pf_fake_node_unref (kernel->root);
  pf_fake_ops_free (kernel->ops);
  pf_fake_board_free (kernel->board);
  g_free (kernel);
}

/**
 * pf_fake_kernel_rescan:
 *
 * Finds the functions again that have vanished, and offers them to the drivers. The kernel routes ports to an
 * xHCI that it finds.
 */
void
pf_fake_kernel_rescan (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->board->functions->len; i++)
    {
      const PfFakeFunction *spec = g_ptr_array_index (kernel->board->functions, i);
      PfFakePci *pci;

      if (pf_fake_kernel_find_pci (kernel, spec->address) != NULL)
        continue;
      pci = pf_fake_pci_new (kernel, spec, NULL);
      pf_fake_config_route_all_to_xhci (pci);
      pf_fake_driver_probe (pci);
    }
}
