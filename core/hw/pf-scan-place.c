/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a disk, a network interface or a screen hangs, read from the link in its class's folder:
 * "../../devices/pci0000:00/0000:00:14.0/usb3/3-2/3-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1". */

#include "pf-scan-place.h"

#include <string.h>

#include "pf-pci-address.h"

/* Controllers of an NVMe disk with several ways to it; a bound for trees that somebody made up. */
#define MAX_PATHS 16
#define NVME_SUBSYSTEMS "devices/virtual/nvme-subsystem/"

/**
 * pf_scan_place_is_usb_device:
 * @name: of a directory
 *
 * Returns: whether it is that of a USB device: "3-1", "3-1.2.4"
 */
gboolean
pf_scan_place_is_usb_device (const char *name)
{
  gsize bus = strspn (name, "0123456789");

  return bus > 0 && name[bus] == '-' && name[bus + 1] != '\0'
         && strspn (name + bus + 1, "0123456789.") == strlen (name + bus + 1);
}

/* The innermost function of the board, and the innermost USB device below that. */
static gboolean
parse_place (const PfBoard *board, const char *target, PfUsePlace *place)
{
  g_auto (GStrv) elements = g_strsplit (target, "/", -1);
  const char *address = NULL;
  const char *usb = NULL;

  for (guint i = 0; elements[i] != NULL; i++)
    {
      if (pf_pci_address_is_canonical (elements[i]))
        {
          address = elements[i];
          usb = NULL;
        }
      else if (pf_scan_place_is_usb_device (elements[i]))
        usb = elements[i];
    }
  if (address == NULL || pf_board_find_function (board, address) == NULL)
    return FALSE;
  place->address = g_strdup (address);
  place->usb = g_strdup (usb);
  return TRUE;
}

/* A disk with several ways to it is no device's (nvme_mpath_alloc_disk() in drivers/nvme/host/multipath.c);
 * its subsystem's folder has a link to each controller. */
static gboolean
find_nvme_controller (PfTree *tree, const PfBoard *board, const char *target, PfUsePlace *place)
{
  const char *start = strstr (target, NVME_SUBSYSTEMS);
  g_autofree char *subsystem = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (start == NULL)
    return FALSE;
  start += strlen (NVME_SUBSYSTEMS);
  subsystem = g_strndup (start, strcspn (start, "/"));
  directory = g_strconcat (NVME_SUBSYSTEMS, subsystem, NULL);
  names = pf_tree_list (tree, PF_TREE_SYS, directory);
  for (guint i = 0; i < MIN (names->len, MAX_PATHS); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, (char *) g_ptr_array_index (names, i));
      g_autofree char *link = pf_tree_read_link (tree, PF_TREE_SYS, path);

      if (link != NULL && parse_place (board, link, place))
        return TRUE;
    }
  return FALSE;
}

/**
 * pf_scan_place:
 * @tree: the kernel
 * @board: a linked board
 * @path: of a link below /sys, for example "class/block/sdb1"
 * @place: (out): where it leads
 *
 * Returns: whether that is a function of @board, or below one
 */
gboolean
pf_scan_place (PfTree *tree, const PfBoard *board, const char *path, PfUsePlace *place)
{
  g_autofree char *target = pf_tree_read_link (tree, PF_TREE_SYS, path);

  return target != NULL
         && (parse_place (board, target, place) || find_nvme_controller (tree, board, target, place));
}

/**
 * pf_scan_place_clear:
 * @place: a place
 */
void
pf_scan_place_clear (PfUsePlace *place)
{
  g_clear_pointer (&place->address, g_free);
  g_clear_pointer (&place->usb, g_free);
}
