/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-json.h"

#include <stdio.h>

#include "pf-away.h"
#include "pf-deadline.h"
#include "pf-variant.h"

typedef enum
{
  FIELD_STRING,
  FIELD_STRING_OR_NULL, /* "" on the bus, null in JSON */
  FIELD_UINT,
  FIELD_BOOLEAN,
  FIELD_STRV,
} FieldKind;

typedef struct
{
  const char *key;
  FieldKind kind;
} Field;

/* --- Building blocks --- */

/**
 * pf_ctl_json_add_string:
 * @json: inside an object
 * @key: a key
 * @value: (nullable): a string; NULL becomes null
 */
void
pf_ctl_json_add_string (JsonBuilder *json, const char *key, const char *value)
{
  json_builder_set_member_name (json, key);
  if (value != NULL)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static const char *
null_if_empty (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

static void
add_int (JsonBuilder *json, const char *key, gint64 value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_int_value (json, value);
}

static void
add_boolean (JsonBuilder *json, const char *key, gboolean value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_boolean_value (json, value);
}

/* As a number for jq, and as people write a register. */
static void
add_register (JsonBuilder *json, const char *key, guint32 value)
{
  g_autofree char *hex_key = g_strconcat (key, "-hex", NULL);
  g_autofree char *hex = g_strdup_printf ("0x%04x", value);

  add_int (json, key, value);
  pf_ctl_json_add_string (json, hex_key, hex);
}

/**
 * pf_ctl_json_add_strv:
 * @json: where a value can go
 * @strings: (nullable) (array zero-terminated=1): the strings of the array
 */
void
pf_ctl_json_add_strv (JsonBuilder *json, const char *const *strings)
{
  json_builder_begin_array (json);
  for (; strings != NULL && *strings != NULL; strings++)
    json_builder_add_string_value (json, *strings);
  json_builder_end_array (json);
}

static void
add_field (JsonBuilder *json, GVariant *dict, const Field *field)
{
  g_autofree const char **strings = NULL;

  switch (field->kind)
    {
    case FIELD_STRING:
      pf_ctl_json_add_string (json, field->key, pf_variant_get_string (dict, field->key));
      break;
    case FIELD_STRING_OR_NULL:
      pf_ctl_json_add_string (json, field->key, null_if_empty (pf_variant_get_string (dict, field->key)));
      break;
    case FIELD_UINT:
      add_int (json, field->key, pf_variant_get_uint (dict, field->key));
      break;
    case FIELD_BOOLEAN:
      add_boolean (json, field->key, pf_variant_get_boolean (dict, field->key));
      break;
    case FIELD_STRV:
    default:
      strings = pf_variant_get_strv (dict, field->key);
      json_builder_set_member_name (json, field->key);
      pf_ctl_json_add_strv (json, strings);
    }
}

static void
add_dicts (JsonBuilder *json, GVariant *dicts, const Field *fields, gsize n_fields)
{
  json_builder_begin_array (json);
  for (gsize i = 0; dicts != NULL && i < g_variant_n_children (dicts); i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (dicts, i);

      json_builder_begin_object (json);
      for (gsize k = 0; k < n_fields; k++)
        add_field (json, dict, &fields[k]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

/* --- What the helper publishes --- */

static void
add_router_fields (JsonBuilder *json, PfDBusController *controller, PfDBusRouter *router)
{
  pf_ctl_json_add_string (json, "address", pf_dbus_controller_get_address (controller));
  pf_ctl_json_add_string (json, "chipset", pf_dbus_router_get_chipset (router));
  add_register (json, "value", pf_dbus_router_get_value (router));
  add_register (json, "writable-mask", pf_dbus_router_get_writable_mask (router));
  add_register (json, "super-speed-value", pf_dbus_router_get_super_speed_value (router));
}

static void
add_routers (JsonBuilder *json, PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  json_builder_begin_array (json);
  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (client, controllers->pdata[i]);

      if (router == NULL)
        continue;
      json_builder_begin_object (json);
      add_router_fields (json, controllers->pdata[i], router);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

/* Lists the controllers that are lent, and the other members of their groups. */
static void
add_lent_row (JsonBuilder *json, const char *kind, const char *address, const char *name, const char *lender)
{
  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "kind", kind);
  pf_ctl_json_add_string (json, "address", address);
  pf_ctl_json_add_string (json, "name", name);
  pf_ctl_json_add_string (json, "lent-by", lender);
  json_builder_end_object (json);
}

static void
add_lent_by (JsonBuilder *json, GPtrArray *controllers, const char *lender)
{
  g_autoptr (GPtrArray) members = pf_away_list_members (controllers, lender);

  for (guint i = 0; i < controllers->len; i++)
    if (g_strcmp0 (pf_dbus_controller_get_lent_by (controllers->pdata[i]), lender) == 0)
      add_lent_row (json, "controller", pf_dbus_controller_get_address (controllers->pdata[i]),
                    pf_dbus_controller_get_name (controllers->pdata[i]), lender);
  for (guint i = 0; i < members->len; i++)
    add_lent_row (json, "function", pf_variant_get_string (members->pdata[i], "address"),
                  pf_variant_get_string (members->pdata[i], "name"), lender);
}

static void
add_lent (JsonBuilder *json, PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  json_builder_begin_array (json);
  add_lent_by (json, controllers, "portferry");
  add_lent_by (json, controllers, "others");
  json_builder_end_array (json);
}

/**
 * pf_ctl_json_add_status:
 * @json: where a value can go
 * @client: a client that is READY
 */
void
pf_ctl_json_add_status (JsonBuilder *json, PfClient *client)
{
  PfDBusManager *manager = pf_client_get_manager (client);
  g_autofree char *active = pf_client_get_active_profile_id (client);
  g_autofree char *previous = pf_client_get_previous_profile_id (client);

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "state", pf_dbus_manager_get_state (manager));
  pf_ctl_json_add_string (json, "active-profile", active);
  pf_ctl_json_add_string (json, "previous-profile", previous);
  pf_ctl_json_add_string (json, "problem", pf_dbus_manager_get_problem (manager));
  pf_ctl_json_add_string (json, "problem-code", pf_dbus_manager_get_problem_code (manager));
  pf_ctl_json_add_string (json, "built-in-input", pf_dbus_manager_get_built_in_input (manager));
  pf_ctl_json_add_string (json, "transaction", pf_dbus_manager_get_transaction (manager));
  add_int (json, "deadline", pf_deadline_clamp (pf_dbus_manager_get_deadline (manager)));
  json_builder_set_member_name (json, "lent");
  add_lent (json, client);
  json_builder_set_member_name (json, "routers");
  add_routers (json, client);
  pf_ctl_json_add_string (json, "version", pf_dbus_manager_get_version (manager));
  json_builder_end_object (json);
}

static void
add_controller_lists (JsonBuilder *json, PfDBusController *controller)
{
  static const Field members[] = {
    { "address", FIELD_STRING }, { "name", FIELD_STRING },   { "driver", FIELD_STRING_OR_NULL },
    { "class", FIELD_STRING },   { "vendor", FIELD_STRING }, { "device", FIELD_STRING },
    { "bridge", FIELD_BOOLEAN },
  };
  static const Field root_hubs[]
      = { { "bus", FIELD_UINT }, { "speed", FIELD_UINT }, { "ports", FIELD_UINT } };
  static const Field devices[] = {
    { "sysname", FIELD_STRING }, { "port", FIELD_STRING_OR_NULL },  { "vendor", FIELD_STRING },
    { "product", FIELD_STRING }, { "name", FIELD_STRING },          { "speed", FIELD_UINT },
    { "hub", FIELD_BOOLEAN },    { "input", FIELD_STRING_OR_NULL }, { "storage", FIELD_BOOLEAN },
  };

  json_builder_set_member_name (json, "group-members");
  add_dicts (json, pf_dbus_controller_get_group_members (controller), members, G_N_ELEMENTS (members));
  json_builder_set_member_name (json, "root-hubs");
  add_dicts (json, pf_dbus_controller_get_root_hubs (controller), root_hubs, G_N_ELEMENTS (root_hubs));
  json_builder_set_member_name (json, "devices");
  add_dicts (json, pf_dbus_controller_get_devices (controller), devices, G_N_ELEMENTS (devices));
}

static void
add_controller (JsonBuilder *json, PfDBusController *controller)
{
  int group = pf_dbus_controller_get_iommu_group (controller);

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "address", pf_dbus_controller_get_address (controller));
  pf_ctl_json_add_string (json, "kind", pf_dbus_controller_get_kind (controller));
  pf_ctl_json_add_string (json, "vendor", pf_dbus_controller_get_vendor (controller));
  pf_ctl_json_add_string (json, "device", pf_dbus_controller_get_device (controller));
  pf_ctl_json_add_string (json, "subsystem", null_if_empty (pf_dbus_controller_get_subsystem (controller)));
  pf_ctl_json_add_string (json, "name", pf_dbus_controller_get_name (controller));
  pf_ctl_json_add_string (json, "driver", null_if_empty (pf_dbus_controller_get_driver (controller)));
  pf_ctl_json_add_string (json, "owner", pf_dbus_controller_get_owner (controller));
  pf_ctl_json_add_string (json, "lent-by", null_if_empty (pf_dbus_controller_get_lent_by (controller)));
  pf_ctl_json_add_string (json, "lender", null_if_empty (pf_dbus_controller_get_lender (controller)));
  pf_ctl_json_add_string (json, "lender-code", null_if_empty (pf_dbus_controller_get_lender_code (controller)));
  pf_ctl_json_add_string (json, "give-back", null_if_empty (pf_dbus_controller_get_give_back (controller)));
  if (group >= 0)
    add_int (json, "iommu-group", group);
  else
    pf_ctl_json_add_string (json, "iommu-group", NULL);
  json_builder_set_member_name (json, "removable");
  json_builder_add_boolean_value (json, pf_dbus_controller_get_removable (controller));
  json_builder_set_member_name (json, "reset-methods");
  pf_ctl_json_add_strv (json, pf_dbus_controller_get_reset_methods (controller));
  pf_ctl_json_add_string (json, "holder", null_if_empty (pf_dbus_controller_get_holder (controller)));
  add_controller_lists (json, controller);
  pf_ctl_json_add_string (json, "problem", pf_dbus_controller_get_problem (controller));
  pf_ctl_json_add_string (json, "problem-code", pf_dbus_controller_get_problem_code (controller));
  pf_ctl_json_add_string (json, "warning", pf_dbus_controller_get_warning (controller));
  json_builder_end_object (json);
}

/**
 * pf_ctl_json_add_controllers:
 * @json: where a value can go
 * @client: a client that is READY
 */
void
pf_ctl_json_add_controllers (JsonBuilder *json, PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  json_builder_begin_array (json);
  for (guint i = 0; i < controllers->len; i++)
    add_controller (json, controllers->pdata[i]);
  json_builder_end_array (json);
}

/**
 * pf_ctl_json_add_ports:
 * @json: where a value can go
 * @client: a client that is READY
 */
void
pf_ctl_json_add_ports (JsonBuilder *json, PfClient *client)
{
  static const Field ports[] = {
    { "name", FIELD_STRING },          { "bit", FIELD_UINT },
    { "label", FIELD_STRING },         { "side", FIELD_STRING },
    { "owner", FIELD_STRING },         { "movable", FIELD_BOOLEAN },
    { "ehci", FIELD_STRING_OR_NULL },  { "ehci-port", FIELD_UINT },
    { "xhci-port", FIELD_UINT },       { "devices", FIELD_STRV },
    { "place", FIELD_STRING_OR_NULL }, { "colour", FIELD_STRING_OR_NULL },
  };
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  json_builder_begin_array (json);
  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (client, controllers->pdata[i]);

      if (router == NULL)
        continue;
      json_builder_begin_object (json);
      add_router_fields (json, controllers->pdata[i], router);
      json_builder_set_member_name (json, "ports");
      add_dicts (json, pf_dbus_router_get_ports (router), ports, G_N_ELEMENTS (ports));
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

/**
 * pf_ctl_json_add_profile:
 * @json: where a value can go
 * @client: a client that is READY
 * @profile: a profile of it
 */
void
pf_ctl_json_add_profile (JsonBuilder *json, PfClient *client, PfDBusProfile *profile)
{
  g_autofree char *active = pf_client_get_active_profile_id (client);
  const char *id = pf_dbus_profile_get_id (profile);

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "id", id);
  pf_ctl_json_add_string (json, "label", pf_dbus_profile_get_label (profile));
  pf_ctl_json_add_string (json, "icon", null_if_empty (pf_dbus_profile_get_icon (profile)));
  add_boolean (json, "active", g_strcmp0 (id, active) == 0);
  add_boolean (json, "built-in", pf_dbus_profile_get_built_in (profile));
  json_builder_set_member_name (json, "controllers");
  pf_ctl_json_add_strv (json, pf_dbus_profile_get_controllers (profile));
  json_builder_set_member_name (json, "ports");
  pf_ctl_json_add_strv (json, pf_dbus_profile_get_ports (profile));
  pf_ctl_json_add_string (json, "side", pf_dbus_profile_get_side (profile));
  pf_ctl_json_add_string (json, "vfio-user", null_if_empty (pf_dbus_profile_get_vfio_user (profile)));
  pf_ctl_json_add_string (json, "vfio-group", null_if_empty (pf_dbus_profile_get_vfio_group (profile)));
  pf_ctl_json_add_string (json, "qmp", null_if_empty (pf_dbus_profile_get_qmp (profile)));
  pf_ctl_json_add_string (json, "libvirt-domain", null_if_empty (pf_dbus_profile_get_libvirt_domain (profile)));
  pf_ctl_json_add_string (json, "libvirt-uri", null_if_empty (pf_dbus_profile_get_libvirt_uri (profile)));
  pf_ctl_json_add_string (json, "confirm", pf_dbus_profile_get_confirm (profile));
  json_builder_set_member_name (json, "confirm-seconds");
  json_builder_add_int_value (json, pf_dbus_profile_get_confirm_seconds (profile));
  pf_ctl_json_add_string (json, "on-vm-exit", pf_dbus_profile_get_on_vm_exit (profile));
  add_boolean (json, "super-speed-off", pf_dbus_profile_get_super_speed_off (profile));
  add_boolean (json, "guest-may-switch", pf_dbus_profile_get_guest_may_switch (profile));
  add_boolean (json, "lock-on-switch", pf_dbus_profile_get_lock_on_switch (profile));
  add_boolean (json, "valid", pf_dbus_profile_get_valid (profile));
  pf_ctl_json_add_string (json, "problem", pf_dbus_profile_get_problem (profile));
  pf_ctl_json_add_string (json, "problem-code", pf_dbus_profile_get_problem_code (profile));
  json_builder_end_object (json);
}

/**
 * pf_ctl_json_add_profiles:
 * @json: where a value can go
 * @client: a client that is READY
 */
void
pf_ctl_json_add_profiles (JsonBuilder *json, PfClient *client)
{
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (client);

  json_builder_begin_array (json);
  for (guint i = 0; i < profiles->len; i++)
    pf_ctl_json_add_profile (json, client, profiles->pdata[i]);
  json_builder_end_array (json);
}

/* --- What verbs answer --- */

/**
 * pf_ctl_json_add_moves:
 * @json: where a value can go
 * @moves: (nullable): an aa{sv} as in Preview
 */
void
pf_ctl_json_add_moves (JsonBuilder *json, GVariant *moves)
{
  static const Field fields[] = {
    { "kind", FIELD_STRING },     { "name", FIELD_STRING }, { "address", FIELD_STRING },
    { "from", FIELD_STRING },     { "to", FIELD_STRING },   { "input", FIELD_STRING_OR_NULL },
    { "storage", FIELD_BOOLEAN },
  };

  add_dicts (json, moves, fields, G_N_ELEMENTS (fields));
}

/**
 * pf_ctl_json_add_left:
 * @json: where a value can go
 * @left: an aa{sv} as from ReturnAll
 */
void
pf_ctl_json_add_left (JsonBuilder *json, GVariant *left)
{
  static const Field fields[]
      = { { "address", FIELD_STRING }, { "name", FIELD_STRING }, { "message", FIELD_STRING } };

  add_dicts (json, left, fields, G_N_ELEMENTS (fields));
}

/**
 * pf_ctl_json_add_objections:
 * @json: where a value can go
 * @objections: an aa{sv} as in Preview
 */
void
pf_ctl_json_add_objections (JsonBuilder *json, GVariant *objections)
{
  static const Field fields[] = {
    { "code", FIELD_STRING },         { "severity", FIELD_STRING },
    { "message", FIELD_STRING },      { "address", FIELD_STRING_OR_NULL },
    { "what", FIELD_STRING_OR_NULL },
  };

  add_dicts (json, objections, fields, G_N_ELEMENTS (fields));
}

/**
 * pf_ctl_json_add_error:
 * @json: inside an object
 * @error: what went wrong
 *
 * Adds the member "error".
 */
void
pf_ctl_json_add_error (JsonBuilder *json, const GError *error)
{
  PfError code = error->domain == PF_ERROR ? (PfError) error->code : PF_ERROR_FAILED;

  json_builder_set_member_name (json, "error");
  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "code", pf_error_get_name (code));
  pf_ctl_json_add_string (json, "message", error->message);
  json_builder_end_object (json);
}

/**
 * pf_ctl_json_print:
 * @json: with a complete value
 * @pretty: over many lines; else on one line
 */
void
pf_ctl_json_print (JsonBuilder *json, gboolean pretty)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autofree char *text = json_to_string (root, pretty);

  puts (text);
}
