/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-rows.h"

#include "pf-switcher.h"

/* Lists of things as they travel over D-Bus: aa{sv}, with the keys that org.portferry1.xml gives. */

static void
add_text (GVariantBuilder *row, const char *key, const char *text)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_string (text != NULL ? text : ""));
}

static void
add_number (GVariantBuilder *row, const char *key, guint number)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_uint32 (number));
}

static void
add_truth (GVariantBuilder *row, const char *key, gboolean truth)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_boolean (truth));
}

static void
add_id (GVariantBuilder *row, const char *key, guint16 id)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_take_string (g_strdup_printf ("%04x", id)));
}

static const char *
describe_input (gboolean is_keyboard, gboolean is_pointer)
{
  if (is_keyboard)
    return is_pointer ? "keyboard pointer" : "keyboard";
  return is_pointer ? "pointer" : "";
}

static void
add_change (GVariantBuilder *row, const PfChange *change)
{
  add_text (row, "kind", change->kind);
  add_text (row, "name", change->name);
  add_text (row, "address", change->address);
  add_text (row, "from", pf_owner_to_string (change->from));
  add_text (row, "to", pf_owner_to_string (change->to));
  add_text (row, "input", describe_input (change->is_keyboard, change->is_pointer));
  add_truth (row, "storage", change->is_storage);
}

static void
add_objection (GVariantBuilder *row, const PfObjection *objection)
{
  add_text (row, "code", objection->code);
  add_text (row, "severity", pf_severity_to_string (objection->severity));
  add_text (row, "message", objection->message);
  add_text (row, "address", objection->address);
  add_text (row, "what", objection->what);
}

static void
add_left (GVariantBuilder *row, const PfLeft *left)
{
  add_text (row, "address", left->address);
  add_text (row, "name", left->name);
  add_text (row, "message", left->message);
}

static void
add_member (GVariantBuilder *row, const PfFunction *function)
{
  add_text (row, "address", function->address);
  add_text (row, "name", function->name);
  add_text (row, "driver", function->driver);
  g_variant_builder_add (row, "{sv}", "class",
                         g_variant_new_take_string (g_strdup_printf ("%06x", function->class_code)));
  add_id (row, "vendor", function->vendor);
  add_id (row, "device", function->device);
  add_truth (row, "bridge", pf_function_is_bridge (function));
}

static void
add_root_hub (GVariantBuilder *row, const PfRootHub *hub)
{
  add_number (row, "bus", hub->bus);
  add_number (row, "speed", hub->speed);
  add_number (row, "ports", hub->ports);
}

static void
add_device (GVariantBuilder *row, const PfUsbDevice *device)
{
  g_autofree char *port
      = device->bit != PF_CHIPSET_NO_BIT ? pf_port_map_bit_to_name ((guint) device->bit) : NULL;

  add_text (row, "sysname", device->sysname);
  add_text (row, "port", port);
  add_id (row, "vendor", device->vendor);
  add_id (row, "product", device->product);
  add_text (row, "name", device->name);
  add_number (row, "speed", device->speed);
  add_truth (row, "hub", device->is_hub);
  add_text (row, "input", describe_input (device->is_keyboard, device->is_pointer));
  add_truth (row, "storage", device->is_storage);
}

typedef void (*AddFunc) (GVariantBuilder *row, gconstpointer item);

static GVariant *
build (GPtrArray *items, AddFunc add)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add (&rows, items->pdata[i]);
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

/**
 * pf_rows_from_changes:
 * @changes: (element-type PfChange): what changes sides
 *
 * Returns: (transfer floating): an aa{sv}, as are those of the functions below
 */
GVariant *
pf_rows_from_changes (GPtrArray *changes)
{
  return build (changes, (AddFunc) add_change);
}

/**
 * pf_rows_from_objections:
 * @objections: (element-type PfObjection): what speaks against a switch
 *
 * Returns: (transfer floating): rows
 */
GVariant *
pf_rows_from_objections (GPtrArray *objections)
{
  return build (objections, (AddFunc) add_objection);
}

/**
 * pf_rows_from_left:
 * @left: (element-type PfLeft): what is not at home
 *
 * Returns: (transfer floating): rows
 */
GVariant *
pf_rows_from_left (GPtrArray *left)
{
  return build (left, (AddFunc) add_left);
}

/**
 * pf_rows_from_members:
 * @group: (nullable): an IOMMU group
 *
 * Returns: (transfer floating): rows
 */
GVariant *
pf_rows_from_members (const PfGroup *group)
{
  return build (group != NULL ? group->members : NULL, (AddFunc) add_member);
}

/**
 * pf_rows_from_root_hubs:
 * @controller: a controller
 *
 * Returns: (transfer floating): rows
 */
GVariant *
pf_rows_from_root_hubs (const PfController *controller)
{
  return build (controller->root_hubs, (AddFunc) add_root_hub);
}

/**
 * pf_rows_from_devices:
 * @controller: a controller
 *
 * Returns: (transfer floating): rows, without the hubs that are part of the chipset
 */
GVariant *
pf_rows_from_devices (const PfController *controller)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();

  for (guint i = 0; i < controller->devices->len; i++)
    {
      PfUsbDevice *device = controller->devices->pdata[i];

      if (!device->is_rate_matching)
        g_ptr_array_add (devices, device);
    }
  return build (devices, (AddFunc) add_device);
}
