/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-socket-dialog.h"

#include <glib/gi18n.h>

#include "pf-socket-form.h"
#include "pf-widgets.h"

/* Asks for the name, place and colour of one socket. */
typedef struct
{
  PfClient *client;
  PfSocket *socket;
  GtkWidget *dialog;
  GtkWidget *form;
  GtkWidget *bar;
  GCancellable *cancellable;
} SocketDialog;

static void
free_dialog (gpointer data, GClosure *closure)
{
  SocketDialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->client);
  pf_socket_free (self->socket);
  g_free (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean saved = pf_client_label_socket_finish (PF_CLIENT (source), result, &error);
  SocketDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  if (saved)
    {
      gtk_widget_destroy (self->dialog);
      return;
    }
  pf_widgets_show_message (GTK_INFO_BAR (self->bar), error->message);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK, TRUE);
}

static void
on_response (GtkDialog *dialog, int response, SocketDialog *self)
{
  if (response != GTK_RESPONSE_OK)
    {
      gtk_widget_destroy (GTK_WIDGET (dialog));
      return;
    }
  gtk_dialog_set_response_sensitive (dialog, GTK_RESPONSE_OK, FALSE);
  pf_client_label_socket_async (self->client, self->socket->controller, self->socket->port,
                                pf_socket_form_get_settings (PF_SOCKET_FORM (self->form)), NULL,
                                self->cancellable, on_saved, self);
}

static void
build (SocketDialog *self, GPtrArray *sockets)
{
  GtkBox *box = GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (self->dialog)));
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree char *position = pf_socket_describe_position (self->socket);
  g_autofree char *devices = pf_socket_describe_devices (self->socket);

  self->bar = pf_widgets_info_bar ();
  self->form = pf_socket_form_new ();
  pf_socket_form_show (PF_SOCKET_FORM (self->form), self->socket, sockets);
  g_object_set (inner, "margin", 18, NULL);
  gtk_container_add (GTK_CONTAINER (inner), pf_widgets_label (position, "pf-title"));
  gtk_container_add (GTK_CONTAINER (inner), pf_widgets_label (devices, NULL));
  gtk_container_add (GTK_CONTAINER (inner), self->form);
  gtk_container_add (GTK_CONTAINER (box), self->bar);
  gtk_container_add (GTK_CONTAINER (box), inner);
  gtk_widget_show_all (inner);
}

/**
 * pf_socket_dialog_open:
 * @parent: the window that shows the socket
 * @client: the helper's client
 * @socket: what to name
 * @sockets: (element-type PfSocket): all sockets
 */
void
pf_socket_dialog_open (GtkWindow *parent, PfClient *client, const PfSocket *socket, GPtrArray *sockets)
{
  SocketDialog *self = g_new0 (SocketDialog, 1);

  self->client = g_object_ref (client);
  self->socket = pf_socket_copy (socket);
  self->cancellable = g_cancellable_new ();
  self->dialog = gtk_dialog_new_with_buttons (
      _ ("Name this socket"), parent,
      GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT | GTK_DIALOG_USE_HEADER_BAR, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, _ ("_Save"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK);
  build (self, sockets);
  g_signal_connect_data (self->dialog, "response", G_CALLBACK (on_response), self, free_dialog, 0);
  gtk_window_present (GTK_WINDOW (self->dialog));
}
