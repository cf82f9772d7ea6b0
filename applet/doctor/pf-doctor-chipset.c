/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-chipset.h"
#include "pf-doctor-checks.h"
#include "pf-doctor-resources.h"

#define CLASS_XHCI 0x0c0330
#define CLASS_EHCI 0x0c0320

/* The firmware's switch has many names: "xHCI Mode", "Intel xHCI Mode", "USB 3.0 Mode", "Intel USB 3.0 Mode",
 * "USB 3.0 Controller". Its values, where they are all there: Disabled (xHCI hidden, all ports on the EHCIs),
 * Enabled (all ports on the xHCI, on many boards with the EHCIs hidden), Auto (the operating system may
 * route), Smart Auto (the same, and the routing outlives a restart), Manual (each port by hand). */

/**
 * Scene:
 * @chipset: (nullable): what is known of the chipset, by its xHCI or by its EHCIs
 * @xhci: (nullable): its xHCI, where it is visible
 * @n_ehcis: how many of its EHCIs are visible
 *
 * What the firmware shows of a chipset whose ports can be routed.
 */
typedef struct
{
  const PfChipset *chipset;
  const PfDoctorController *xhci;
  guint n_ehcis;
} Scene;

/* The table of this very version, not that of the helper: the same file, without a place where it might be
 * missing. */
static PfChipsetTable *
load_table (void)
{
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (pf_doctor_resources_get_resource (), "/org/portferry/doctor/chipsets.conf",
                                G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  PfChipsetTable *table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (!pf_chipset_table_add (table, data, length, &error))
    g_warning ("The table of chipsets is wrong: %s", error->message);
  return table;
}

static void
look_at_controller (Scene *scene, const PfChipsetTable *table, const PfDoctorController *controller)
{
  const PfChipset *chipset = NULL;

  if (controller->class_code == CLASS_XHCI)
    chipset = pf_chipset_table_lookup (table, controller->vendor, controller->device);
  if (chipset != NULL)
    scene->xhci = controller;
  else if (controller->class_code == CLASS_EHCI)
    {
      chipset = pf_chipset_table_lookup_companion (table, controller->vendor, controller->device);
      scene->n_ehcis += chipset != NULL ? 1 : 0;
    }
  if (chipset != NULL)
    scene->chipset = chipset;
}

static void
add_only_xhci (GPtrArray *findings, const Scene *scene)
{
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "usb-mode",
      g_strdup_printf (_ ("%s: only the xHCI is visible, not the EHCIs."), scene->chipset->name),
      _ ("The firmware's USB mode is likely “Enabled”: it has given every port to the xHCI and hides the "
         "EHCIs. Single ports cannot be moved."),
      _ ("In the firmware's setup, set “xHCI Mode” (also “Intel USB 3.0 Mode”, “USB 3.0 Controller”) to "
         "“Smart Auto”, or else “Auto” or “Manual”, and “EHCI” or “USB 2.0 Controller”, where there is "
         "such a setting, to “Enabled”."));
}

static void
add_only_ehci (GPtrArray *findings, const Scene *scene)
{
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "usb-mode",
      g_strdup_printf (_ ("%s: only the EHCIs are visible, not the xHCI."), scene->chipset->name),
      _ ("The firmware's USB mode is likely “Disabled”: every port is on an EHCI and runs at USB 2 speed. "
         "Single ports cannot be moved."),
      _ ("In the firmware's setup, set “xHCI Mode” (also “Intel USB 3.0 Mode”, “USB 3.0 Controller”) to "
         "“Smart Auto”, or else “Auto” or “Manual”."));
}

static void
add_locked (GPtrArray *findings, const Scene *scene)
{
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "usb-mode",
      g_strdup_printf (_ ("%s: xHCI and EHCIs are visible, and the routing of ports is locked."),
                       scene->chipset->name),
      _ ("The firmware lets the operating system move no port (its mask is 0), as in the USB modes "
         "“Enabled” and “Disabled” on some boards."),
      _ ("In the firmware's setup, set “xHCI Mode” (also “Intel USB 3.0 Mode”) to “Smart Auto” or “Auto”; "
         "where it is “Manual”, set each port to “Route by OS” or “Auto”."));
}

static guint
count_bits (guint32 bits)
{
  return (guint) __builtin_popcount (bits);
}

static void
add_router (GPtrArray *findings, const Scene *scene, const PfDoctorFacts *facts)
{
  guint n = count_bits (scene->xhci->writable), most = count_bits (scene->chipset->mask_max);
  char *what = g_strdup_printf (ngettext ("%s: xHCI and EHCIs are visible, and %u port can be moved.",
                                          "%s: xHCI and EHCIs are visible, and %u ports can be moved.", n),
                                scene->chipset->name, n);

  if (2 * n >= most)
    pf_doctor_add (
        findings, PF_DOCTOR_OK, "usb-mode", what,
        facts->n_groups > 0
            ? _ ("The firmware's USB mode (“Smart Auto”, “Auto” or “Enabled”) fits: single ports can be moved "
                 "between the host and a guest.")
            : _ ("The firmware's USB mode (“Smart Auto”, “Auto” or “Enabled”) fits: single ports can be moved "
                 "between controllers of the host, and with an IOMMU to a guest."),
        NULL);
  else
    pf_doctor_add (
        findings, PF_DOCTOR_HINT, "usb-mode", what,
        _ ("The chipset could move more; either the board does not have them all, or the firmware's USB "
           "mode is “Manual” and keeps some for itself."),
        _ ("Where ports are missing, set “xHCI Mode” in the firmware's setup to “Smart Auto” or “Auto”."));
}

/* Both are there, but the helper does not route: it is away, or its own table has its reasons. */
static void
add_unrouted (GPtrArray *findings, const Scene *scene, const PfDoctorFacts *facts)
{
  if (facts->helper == PF_DOCTOR_HELPER_READY)
    pf_doctor_add (
        findings, PF_DOCTOR_WARNING, "usb-mode",
        g_strdup_printf (_ ("%s: xHCI and EHCIs are visible, and the routing register cannot be used."),
                         scene->chipset->name),
        _ ("Single ports cannot be moved."), _ ("“portferryctl controllers” says why."));
  else
    pf_doctor_add (findings, PF_DOCTOR_OK, "usb-mode",
                   g_strdup_printf (_ ("%s: xHCI and EHCIs are visible."), scene->chipset->name),
                   _ ("Whether single ports can be moved only the helper can tell."), NULL);
}

static void
add_unknown_chipset (GPtrArray *findings, const PfDoctorFacts *facts)
{
  if (facts->controllers->len == 0)
    pf_doctor_add (
        findings, PF_DOCTOR_PROBLEM, "usb-mode", g_strdup (_ ("This machine shows no USB controller.")),
        _ ("There is nothing to lend."),
        _ ("Look in the firmware's setup whether USB is turned off. In a virtual machine, give it one."));
  else
    pf_doctor_add (findings, PF_DOCTOR_OK, "usb-mode",
                   g_strdup (_ ("No controller of this machine can move single ports.")),
                   _ ("Only Intel chipsets of the series 7 to 9, and their relatives, can."), NULL);
}

/**
 * pf_doctor_check_usb_mode:
 *
 * The firmware's USB mode, told from what it shows.
 */
void
pf_doctor_check_usb_mode (GPtrArray *findings, const PfDoctorFacts *facts)
{
  g_autoptr (PfChipsetTable) table = load_table ();
  Scene scene = { 0 };

  for (guint i = 0; i < facts->controllers->len; i++)
    look_at_controller (&scene, table, g_ptr_array_index (facts->controllers, i));
  if (scene.chipset == NULL)
    add_unknown_chipset (findings, facts);
  else if (scene.xhci == NULL)
    add_only_ehci (findings, &scene);
  else if (scene.n_ehcis == 0)
    add_only_xhci (findings, &scene);
  else if (!scene.xhci->is_router)
    add_unrouted (findings, &scene, facts);
  else if (scene.xhci->writable == 0)
    add_locked (findings, &scene);
  else
    add_router (findings, &scene, facts);
}
