/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-kglobalaccel.h"

#define NAME "org.kde.kglobalaccel"
#define KWIN_KEY (0x10000000 | 0x0100003a) /* Meta+F11 */

/* The methods that are used, as in src/org.kde.KGlobalAccel.xml of KDE Frameworks 5.103. */
static const char interface_xml[]
    = "<node><interface name='org.kde.KGlobalAccel'>"
      "<method name='doRegister'><arg name='actionId' type='as' direction='in'/></method>"
      "<method name='setShortcut'><arg type='ai' direction='out'/><arg name='actionId' type='as' "
      "direction='in'/>"
      "<arg name='keys' type='ai' direction='in'/><arg name='flags' type='u' direction='in'/></method>"
      "<method name='shortcut'><arg type='ai' direction='out'/><arg name='actionId' type='as' "
      "direction='in'/></method>"
      "<method name='unregister'><arg type='b' direction='out'/><arg name='componentUnique' type='s' "
      "direction='in'/>"
      "<arg name='shortcutUnique' type='s' direction='in'/></method>"
      "<method name='getGlobalShortcutsByKey'><arg type='a(ssssssaiai)' direction='out'/>"
      "<arg name='key' type='i' direction='in'/></method>"
      "</interface></node>";

struct _PfTestKGlobalAccel
{
  GDBusConnection *bus;
  guint object_id;
  GHashTable *keys; /* component → key; 0: registered, and has none */
};

static const char *
get_component (GVariant *parameters)
{
  g_autofree const char **id = NULL;
  g_autoptr (GVariant) list = g_variant_get_child_value (parameters, 0);

  id = g_variant_get_strv (list, NULL);
  g_assert_cmpuint (g_strv_length ((char **) id), ==, 4);
  g_assert_cmpstr (id[1], ==, "_launch");
  return id[0];
}

static GVariant *
make_keys (gint32 key)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, &key, key != 0 ? 1 : 0, sizeof key);
}

static GVariant *
set_shortcut (PfTestKGlobalAccel *played, GVariant *parameters)
{
  const char *component = get_component (parameters);
  g_autoptr (GVariant) keys = g_variant_get_child_value (parameters, 1);
  guint32 flags;
  gint32 key;

  g_variant_get_child (keys, 0, "i", &key);
  g_variant_get_child (parameters, 2, "u", &flags);
  g_assert_cmpuint (flags, ==, 6);
  if (!g_hash_table_contains (played->keys, component))
    return g_variant_new ("(@ai)", make_keys (0));
  g_hash_table_replace (played->keys, g_strdup (component), GINT_TO_POINTER (key));
  return g_variant_new ("(@ai)", make_keys (key));
}

static GVariant *
list_by_key (PfTestKGlobalAccel *played, gint32 key)
{
  GVariantBuilder list;
  GHashTableIter iter;
  gpointer component, value;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(ssssssaiai)"));
  g_hash_table_iter_init (&iter, played->keys);
  while (g_hash_table_iter_next (&iter, &component, &value))
    if (GPOINTER_TO_INT (value) == key)
      g_variant_builder_add (&list, "(ssssss@ai@ai)", "_launch", "Show Desktop", component, "KWin", "default",
                             "Default Context", make_keys (key), make_keys (0));
  return g_variant_new ("(a(ssssssaiai))", &list);
}

static void
on_call (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  PfTestKGlobalAccel *played = user_data;
  GVariant *answer = NULL;
  const char *component;
  gint32 key;

  if (g_str_equal (method, "doRegister"))
    g_hash_table_insert (played->keys, g_strdup (get_component (parameters)), GINT_TO_POINTER (0));
  else if (g_str_equal (method, "setShortcut"))
    answer = set_shortcut (played, parameters);
  else if (g_str_equal (method, "shortcut"))
    answer = g_variant_new ("(@ai)",
                            make_keys (pf_test_kglobalaccel_get_key (played, get_component (parameters))));
  else if (g_str_equal (method, "unregister"))
    {
      g_variant_get_child (parameters, 0, "&s", &component);
      answer = g_variant_new ("(b)", g_hash_table_remove (played->keys, component));
    }
  else
    {
      g_variant_get (parameters, "(i)", &key);
      answer = list_by_key (played, key);
    }
  g_dbus_method_invocation_return_value (invocation, answer);
}

PfTestKGlobalAccel *
pf_test_kglobalaccel_new (void)
{
  static const GDBusInterfaceVTable table = { .method_call = on_call };
  PfTestKGlobalAccel *played = g_new0 (PfTestKGlobalAccel, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  played->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (played->keys, g_strdup ("kwin"), GINT_TO_POINTER (KWIN_KEY));
  played->bus = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  played->object_id = g_dbus_connection_register_object (played->bus, "/kglobalaccel", node->interfaces[0],
                                                         &table, played, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (played->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", NAME, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return played;
}

gint32
pf_test_kglobalaccel_get_key (PfTestKGlobalAccel *played, const char *component)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (played->keys, component));
}

void
pf_test_kglobalaccel_free (PfTestKGlobalAccel *played)
{
  g_dbus_connection_unregister_object (played->bus, played->object_id);
  g_dbus_connection_close_sync (played->bus, NULL, NULL);
  g_object_unref (played->bus);
  g_hash_table_unref (played->keys);
  g_free (played);
}
