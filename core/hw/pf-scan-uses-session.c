/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody is in the midst of: printing, reading a fingerprint. Told by the device node that a process
 * has open: CUPS opens the printer's USB node, or the node of the kernel's driver usblp, while it prints, and
 * fprintd opens the reader while it is claimed. */

#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "pf-openers.h"
#include "pf-scan-uses.h"

#define DEVICES "bus/usb/devices"
#define FINGERPRINT_DAEMON "fprintd"

static gboolean
read_number (PfTree *tree, const char *directory, dev_t *number)
{
  g_autofree char *path = g_strdup_printf ("%s/dev", directory);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);
  guint major_number, minor_number;

  if (text == NULL || sscanf (text, "%u:%u", &major_number, &minor_number) != 2)
    return FALSE;
  *number = makedev (major_number, minor_number);
  return TRUE;
}

/* The node through which programs speak to a device without a driver: /dev/bus/usb/003/005. */
static char *
add_usb_node (PfTree *tree, const PfUsbDevice *device, GPtrArray *nodes)
{
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s", device->sysname);
  g_autofree char *bus_path = g_strdup_printf ("%s/busnum", directory);
  g_autofree char *number_path = g_strdup_printf ("%s/devnum", directory);
  g_autofree char *path = NULL;
  guint64 bus, number;
  dev_t device_number;

  if (!pf_tree_read_uint (tree, PF_TREE_SYS, bus_path, 10, &bus)
      || !pf_tree_read_uint (tree, PF_TREE_SYS, number_path, 10, &number) || bus > 999 || number > 999
      || !read_number (tree, directory, &device_number))
    return NULL;
  path = g_strdup_printf ("bus/usb/%03u/%03u", (guint) bus, (guint) number);
  pf_openers_add_number (nodes, path, device_number);
  return g_steal_pointer (&path);
}

/* usblp's node of an interface: /dev/usb/lp0 */
static void
add_printer_nodes (PfTree *tree, const char *interface, GPtrArray *nodes)
{
  g_autofree char *directory = g_strdup_printf ("%s/usbmisc", interface);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, name);
      g_autofree char *node = g_strdup_printf ("usb/%s", name);
      dev_t number;

      if (read_number (tree, path, &number))
        pf_openers_add_number (nodes, node, number);
    }
}

static void
add_use (PfBoard *board,
         PfUseKind kind,
         const PfController *controller,
         const PfUsbDevice *device,
         const char *what,
         const char *opener)
{
  const PfUsePlace place = { controller->function->address, device->sysname };

  if (opener != NULL)
    pf_board_add_use (board, kind, &place, what, opener);
}

static void
add_printer (PfTree *tree, PfBoard *board, const PfController *controller, const PfUsbDevice *device)
{
  g_autoptr (GPtrArray) nodes = pf_openers_new ();
  g_autofree char *node = add_usb_node (tree, device, nodes);
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s", device->sysname);
  g_autoptr (GPtrArray) entries = pf_tree_list (tree, PF_TREE_SYS, directory);
  g_autofree char *prefix = g_strdup_printf ("%s:", device->sysname);
  g_autofree char *opener = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const char *entry = g_ptr_array_index (entries, i);
      g_autofree char *interface = g_strdup_printf ("%s/%s", directory, entry);

      if (g_str_has_prefix (entry, prefix))
        add_printer_nodes (tree, interface, nodes);
    }
  opener = pf_openers_find (tree, nodes, NULL);
  add_use (board, PF_USE_PRINTER, controller, device, node != NULL ? node : device->sysname, opener);
}

/* There is no USB class for fingerprint readers, but only one program that reads them. */
static gboolean
may_be_reader (const PfUsbDevice *device)
{
  return !device->is_hub && !device->is_storage && !device->is_keyboard && !device->is_pointer
         && !device->is_printer;
}

static gboolean
fingerprint_daemon_runs (PfTree *tree)
{
  g_autoptr (GPtrArray) processes = pf_tree_list (tree, PF_TREE_PROC, ".");

  for (guint i = 0; i < processes->len; i++)
    {
      const char *process = g_ptr_array_index (processes, i);
      g_autofree char *path = g_strdup_printf ("%s/comm", process);
      g_autofree char *name
          = g_ascii_isdigit (*process) ? pf_tree_read_text (tree, PF_TREE_PROC, path) : NULL;

      if (g_strcmp0 (name, FINGERPRINT_DAEMON) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_reader (PfTree *tree, PfBoard *board, const PfController *controller, const PfUsbDevice *device)
{
  g_autoptr (GPtrArray) nodes = pf_openers_new ();
  g_autofree char *node = add_usb_node (tree, device, nodes);
  g_autofree char *opener = node != NULL ? pf_openers_find (tree, nodes, FINGERPRINT_DAEMON) : NULL;

  add_use (board, PF_USE_FINGERPRINT, controller, device, node != NULL ? node : device->sysname, opener);
}

/**
 * pf_scan_uses_of_sessions:
 * @tree: the kernel
 * @board: (inout): a linked board
 *
 * Looks through /proc, but only where there is a printer, or a device that may be a reader.
 */
void
pf_scan_uses_of_sessions (PfTree *tree, PfBoard *board)
{
  int daemon_runs = -1; /* not known yet */

  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = g_ptr_array_index (board->controllers, i);

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = g_ptr_array_index (controller->devices, j);

          if (device->is_printer)
            add_printer (tree, board, controller, device);
          if (!may_be_reader (device))
            continue;
          if (daemon_runs < 0)
            daemon_runs = fingerprint_daemon_runs (tree);
          if (daemon_runs)
            add_reader (tree, board, controller, device);
        }
    }
}
