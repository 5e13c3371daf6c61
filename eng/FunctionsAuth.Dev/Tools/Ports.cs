using System.Net;
using System.Net.Sockets;

namespace FunctionsAuth.Dev.Tools;

internal static class Ports
{
    public static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public static async Task<bool> AnswersAsync(int port, CancellationToken stopping)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, stopping);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
