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

/* The hub in the chipset below a root hub. */
static guint
count_hub_ports (const PfController *controller, guint bus)
{
  for (guint i = 0; i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (device->is_rate_matching && g_ascii_strtoull (device->sysname, NULL, 10) == bus)
        return device->ports;
    }
  return 0;
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
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < controller->root_hubs->len; i++)
    {
      const PfRootHub *hub = controller->root_hubs->pdata[i];

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_number (&rows, "bus", hub->bus);
      add_number (&rows, "speed", hub->speed);
      add_number (&rows, "ports", hub->ports);
      add_number (&rows, "hub-ports", count_hub_ports (controller, hub->bus));
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
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

/**
 * pf_rows_from_labels:
 * @labels: what people note of sockets
 * @controller: a controller's PCI address
 *
 * Returns: (transfer floating): rows, one for each of its ports "usb/N" of which something is noted
 */
GVariant *
pf_rows_from_labels (PfLabels *labels, const char *controller)
{
  g_autoptr (GArray) numbers = pf_labels_list_sockets (labels, controller);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < numbers->len; i++)
    {
      g_autofree char *socket = g_strdup_printf ("usb/%u", g_array_index (numbers, guint, i));
      g_auto (PfNote) note = { NULL };

      pf_labels_get_note (labels, controller, socket, &note);
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "socket", socket);
      add_text (&rows, "label", note.label);
      add_text (&rows, "place", note.place);
      add_text (&rows, "colour", note.colour);
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

static void
add_routing (GVariantBuilder *rows, const PfRouter *router, const PfPlan *plan)
{
  const char *address = router->controller->function->address;
  guint32 value = router->value, super_speed = router->super_speed_value;

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];

      if (step->kind != PF_STEP_ROUTE || !g_str_equal (step->router, address))
        continue;
      if (step->setting == PF_SETTING_ROUTING)
        value = step->to;
      else if (step->setting == PF_SETTING_SUPER_SPEED)
        super_speed = step->to;
    }
  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  add_text (rows, "router", address);
  add_number (rows, "value", value);
  add_number (rows, "super-speed", super_speed);
  g_variant_builder_close (rows);
}

/**
 * pf_rows_from_routing:
 * @board: a board
 * @plan: (nullable): a plan for it
 *
 * Returns: (transfer floating): rows, one for each router as it is after the plan; none without a plan
 */
GVariant *
pf_rows_from_routing (const PfBoard *board, const PfPlan *plan)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; plan != NULL && i < board->routers->len; i++)
    add_routing (&rows, board->routers->pdata[i], plan);
  return g_variant_builder_end (&rows);
}

/**
 * pf_rows_describe_built_in_input:
 * @board: a board
 *
 * Returns: (transfer none): what the host can be worked with that hangs on nothing that can be lent, as for a
 * device
 */
const char *
pf_rows_describe_built_in_input (const PfBoard *board)
{
  gboolean keyboard = FALSE, pointer = FALSE;

  for (guint i = 0; i < board->inputs->len; i++)
    {
      const PfInput *input = board->inputs->pdata[i];

      if (input->place.address != NULL || input->adapters->len > 0)
        continue;
      keyboard |= input->is_keyboard == PF_INPUT_LIKELY;
      pointer |= input->is_pointer == PF_INPUT_LIKELY;
    }
  return describe_input (keyboard, pointer);
}
