/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-helper.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <unistd.h>

static void
record (MockHelper *mock, GDBusMethodInvocation *invocation)
{
  g_autofree char *parameters = g_variant_print (g_dbus_method_invocation_get_parameters (invocation), FALSE);
  GDBusMessage *message = g_dbus_method_invocation_get_message (invocation);

  g_free (mock->call);
  mock->call = g_strdup_printf ("%s %s", g_dbus_method_invocation_get_method_name (invocation), parameters);
  mock->interactive
      = (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
}

/* Returns: whether the verb was refused. */
static gboolean
refuse (MockHelper *mock, GDBusMethodInvocation *invocation)
{
  record (mock, invocation);
  if (mock->error == NULL)
    return FALSE;
  g_dbus_method_invocation_return_gerror (invocation, mock->error);
  return TRUE;
}

void
mock_helper_emit_switched (MockHelper *mock, const char *profile)
{
  gboolean is_home = g_str_has_suffix (profile, "/home");
  GVariant *moves = is_home ? mock_board_moves ("guest", "host") : mock_board_moves ("host", "guest");

  if (!mock->silent)
    pf_dbus_manager_emit_switched (mock->manager, profile, "ctl", moves);
  else
    g_variant_unref (g_variant_ref_sink (moves));
}

static gboolean
on_preview (PfDBusManager *manager, GDBusMethodInvocation *invocation, const char *profile, gpointer data)
{
  static const char *const steps[]
      = { "Give group 12 (0000:00:1a.0) to vfio-pci", "Route ports ehci2/1 to ehci2/4 to EHCI #2", NULL };

  record (data, invocation);
  pf_dbus_manager_complete_preview (manager, invocation, steps, mock_board_moves ("host", "guest"),
                                    mock_board_objections ());
  return TRUE;
}

static gboolean
on_apply (PfDBusManager *manager,
          GDBusMethodInvocation *invocation,
          const char *profile,
          GVariant *options,
          gpointer data)
{
  MockHelper *mock = data;

  if (refuse (mock, invocation))
    return TRUE;
  mock_helper_set_active (mock, profile);
  mock_helper_emit_switched (mock, profile);
  pf_dbus_manager_complete_apply (manager, invocation, MOCK_TRANSACTION);
  return TRUE;
}

static gboolean
on_toggle (PfDBusManager *manager, GDBusMethodInvocation *invocation, GVariant *options, gpointer data)
{
  MockHelper *mock = data;
  g_autofree char *target = g_strdup (pf_dbus_manager_get_toggle_profile (manager));

  if (refuse (mock, invocation))
    return TRUE;
  mock_helper_set_active (mock, target);
  mock_helper_emit_switched (mock, target);
  pf_dbus_manager_complete_toggle (manager, invocation, MOCK_TRANSACTION);
  return TRUE;
}

static gboolean
on_return_all (PfDBusManager *manager, GDBusMethodInvocation *invocation, GVariant *options, gpointer data)
{
  MockHelper *mock = data;

  if (refuse (mock, invocation))
    return TRUE;
  mock_helper_set_active (mock, PF_BUS_PROFILES_PATH "/home");
  mock_helper_emit_switched (mock, PF_BUS_PROFILES_PATH "/home");
  pf_dbus_manager_complete_return_all (
      manager, invocation,
      mock->left != NULL ? mock->left : g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  return TRUE;
}

static gboolean
on_confirm (PfDBusManager *manager, GDBusMethodInvocation *invocation, const char *transaction, gpointer data)
{
  if (!refuse (data, invocation))
    pf_dbus_manager_complete_confirm (manager, invocation);
  return TRUE;
}

static gboolean
on_revert (PfDBusManager *manager, GDBusMethodInvocation *invocation, const char *transaction, gpointer data)
{
  if (!refuse (data, invocation))
    pf_dbus_manager_complete_revert (manager, invocation);
  return TRUE;
}

static gboolean
on_add_profile (PfDBusManager *manager,
                GDBusMethodInvocation *invocation,
                const char *id,
                GVariant *settings,
                gpointer data)
{
  g_autofree char *path = pf_bus_profile_path (id);
  const char *label = id;

  if (refuse (data, invocation))
    return TRUE;
  g_variant_lookup (settings, "label", "&s", &label);
  mock_helper_add_profile (data, id, label);
  pf_dbus_manager_complete_add_profile (manager, invocation, path);
  return TRUE;
}

static gboolean
on_label_socket (PfDBusManager *manager,
                 GDBusMethodInvocation *invocation,
                 const char *controller,
                 const char *socket,
                 GVariant *settings,
                 gpointer data)
{
  if (!refuse (data, invocation))
    pf_dbus_manager_complete_label_socket (manager, invocation);
  return TRUE;
}

static gboolean
on_register_interest (PfDBusManager *manager,
                      GDBusMethodInvocation *invocation,
                      GUnixFDList *fds,
                      gpointer data)
{
  MockHelper *mock = data;
  int ends[2];
  g_autoptr (GUnixFDList) list = NULL;

  if (refuse (mock, invocation))
    return TRUE;
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  mock->interest = ends[0];
  list = g_unix_fd_list_new_from_array (&ends[1], 1);
  pf_dbus_manager_complete_register_interest (manager, invocation, list, g_variant_new_handle (0));
  return TRUE;
}

static gboolean
on_update (PfDBusProfile *profile, GDBusMethodInvocation *invocation, GVariant *settings, gpointer data)
{
  const char *label;

  if (refuse (data, invocation))
    return TRUE;
  if (g_variant_lookup (settings, "label", "&s", &label))
    pf_dbus_profile_set_label (profile, label);
  pf_dbus_profile_complete_update (profile, invocation);
  return TRUE;
}

static gboolean
on_remove (PfDBusProfile *profile, GDBusMethodInvocation *invocation, gpointer data)
{
  MockHelper *mock = data;
  g_autofree char *path
      = g_strdup (g_dbus_interface_skeleton_get_object_path (G_DBUS_INTERFACE_SKELETON (profile)));

  if (refuse (mock, invocation))
    return TRUE;
  pf_dbus_profile_complete_remove (profile, invocation);
  g_dbus_object_manager_server_unexport (mock->server, path);
  return TRUE;
}

void
mock_helper_add_profile (MockHelper *mock, const char *id, const char *label)
{
  PfDBusProfile *profile = pf_dbus_profile_skeleton_new ();
  g_autofree char *path = pf_bus_profile_path (id);
  gboolean is_home = g_str_equal (id, "home");
  const char *controllers[] = { "0000:00:1a.0", NULL };
  const char *ports[] = { "ehci2", "ehci1/1", NULL };
  const char *none[] = { NULL };

  g_object_set (profile, "id", id, "label", label, "icon", "", "side", "auto", "vfio-user", "", "vfio-group",
                "", "built-in", is_home, "valid", TRUE, "problem", "", "problem-code", "", "controllers",
                is_home ? none : controllers, "ports", is_home ? none : ports, NULL);
  g_object_set (profile, "confirm", "first", "confirm-seconds", 15u, "on-vm-exit", "auto", NULL);
  g_signal_connect (profile, "handle-update", G_CALLBACK (on_update), mock);
  g_signal_connect (profile, "handle-remove", G_CALLBACK (on_remove), mock);
  mock_board_publish_object (mock, path, G_DBUS_INTERFACE_SKELETON (profile), NULL);
}

static void
publish_manager (MockHelper *mock)
{
  static const struct
  {
    const char *signal;
    GCallback handler;
  } handlers[] = {
    { "handle-preview", G_CALLBACK (on_preview) },
    { "handle-apply", G_CALLBACK (on_apply) },
    { "handle-toggle", G_CALLBACK (on_toggle) },
    { "handle-return-all", G_CALLBACK (on_return_all) },
    { "handle-confirm", G_CALLBACK (on_confirm) },
    { "handle-revert", G_CALLBACK (on_revert) },
    { "handle-add-profile", G_CALLBACK (on_add_profile) },
    { "handle-label-socket", G_CALLBACK (on_label_socket) },
    { "handle-register-interest", G_CALLBACK (on_register_interest) },
  };

  mock->manager = pf_dbus_manager_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (mock->manager, handlers[i].signal, handlers[i].handler, mock);
  g_object_set (mock->manager, "version", "0.1.0", "state", "idle", "problem", "", "problem-code", "",
                "active-profile", PF_BUS_PROFILES_PATH "/home", "previous-profile", "/", "toggle-profile",
                PF_BUS_PROFILES_PATH "/home", "transaction", "", "deadline", (guint64) 0, NULL);
  mock_board_publish_object (mock, PF_BUS_MANAGER_PATH, G_DBUS_INTERFACE_SKELETON (mock->manager), NULL);
}

MockHelper *
mock_helper_new (const char *address)
{
  MockHelper *mock = g_new0 (MockHelper, 1);
  g_autoptr (GError) error = NULL;

  pf_bus_register_errors ();
  mock->interest = -1;
  mock->bus = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  mock->server = g_dbus_object_manager_server_new (PF_BUS_PATH);
  publish_manager (mock);
  mock_board_publish (mock);
  mock_helper_add_profile (mock, "home", "Home");
  mock_helper_add_profile (mock, "games", "Games on Windows");
  mock_helper_add_profile (mock, "all-usb", "All USB");
  g_dbus_object_manager_server_set_connection (mock->server, mock->bus);
  return mock;
}

void
mock_helper_free (MockHelper *mock)
{
  mock_helper_vanish (mock);
  g_dbus_connection_close_sync (mock->bus, NULL, NULL);
  g_object_unref (mock->server);
  g_object_unref (mock->manager);
  g_object_unref (mock->bus);
  g_clear_error (&mock->error);
  g_clear_pointer (&mock->left, g_variant_unref);
  g_free (mock->call);
  if (mock->interest >= 0)
    close (mock->interest);
  g_free (mock);
}

static guint32
call_bus (MockHelper *mock, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  guint32 code;

  reply = g_dbus_connection_call_sync (mock->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", method, parameters, G_VARIANT_TYPE ("(u)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(u)", &code);
  return code;
}

void
mock_helper_appear (MockHelper *mock)
{
  g_assert_cmpuint (call_bus (mock, "RequestName", g_variant_new ("(su)", PF_BUS_NAME, 4)), ==, 1);
  mock->name_id = 1;
}

void
mock_helper_vanish (MockHelper *mock)
{
  if (mock->name_id != 0)
    g_assert_cmpuint (call_bus (mock, "ReleaseName", g_variant_new ("(s)", PF_BUS_NAME)), ==, 1);
  mock->name_id = 0;
}

void
mock_helper_refuse (MockHelper *mock, PfError code, const char *message)
{
  g_clear_error (&mock->error);
  mock->error = g_error_new_literal (PF_ERROR, (int) code, message);
}

void
mock_helper_set_active (MockHelper *mock, const char *profile)
{
  pf_dbus_manager_set_previous_profile (mock->manager, pf_dbus_manager_get_active_profile (mock->manager));
  pf_dbus_manager_set_toggle_profile (mock->manager, pf_dbus_manager_get_active_profile (mock->manager));
  pf_dbus_manager_set_active_profile (mock->manager, profile);
}
