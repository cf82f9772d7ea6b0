/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Screens behind a DisplayLink dock. Its kernel module, evdi, makes a graphics card that is below no PCI
 * function: devices/platform/evdi.0/drm/card1 (evdi_platform_dev_create() in module/evdi_platform_dev.c of
 * DisplayLink's evdi). Other cards there are no docks: simpledrm, vkms, vgem. udl, the driver of the older
 * docks, hangs its card below the USB device, where it is found by its place. */

#include <string.h>

#include "pf-scan-connector.h"
#include "pf-scan-place.h"
#include "pf-scan-uses.h"

#define DISPLAY_LINK 0x17e9

/* "1-2", where the module has linked its card to the dock that it belongs to, as newer ones do */
static char *
find_dock (PfTree *tree, const char *name)
{
  g_autofree char *card = g_strndup (name, strcspn (name, "-"));
  g_autofree char *path = g_strdup_printf ("class/drm/%s/device/device", card);

  return pf_tree_read_link_name (tree, PF_TREE_SYS, path);
}

static void
add_to_docks (PfBoard *board, const char *dock, const char *connector)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = g_ptr_array_index (board->controllers, i);

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = g_ptr_array_index (controller->devices, j);
          const PfUsePlace place = { controller->function->address, device->sysname };

          if (device->vendor == DISPLAY_LINK
              && (dock == NULL || !pf_scan_place_is_usb_device (dock) || g_str_equal (dock, device->sysname)))
            pf_board_add_use (board, PF_USE_DISPLAY, &place, connector, "screen");
        }
    }
}

/**
 * pf_scan_uses_of_docks:
 * @tree: the kernel
 * @board: (inout): a linked board
 *
 * Adds the screens that are connected by evdi to the docks. Where it is not known to which, to all of them.
 */
void
pf_scan_uses_of_docks (PfTree *tree, PfBoard *board)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, "class/drm");

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("class/drm/%s", name);
      g_autofree char *target
          = pf_scan_connector_get_name (name) != NULL ? pf_tree_read_link (tree, PF_TREE_SYS, path) : NULL;
      g_autofree char *dock = NULL;

      if (target == NULL || strstr (target, "/evdi") == NULL
          || !pf_scan_attribute_is (tree, path, "status", "connected")
          || pf_scan_attribute_is (tree, path, "enabled", "disabled"))
        continue;
      dock = find_dock (tree, name);
      add_to_docks (board, dock, pf_scan_connector_get_name (name));
    }
}
