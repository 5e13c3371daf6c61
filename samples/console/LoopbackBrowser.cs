using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Duende.IdentityModel.OidcClient.Browser;

namespace ConsoleApp;

/// <summary>Opens the browser of the system, and waits for it to come back to a port of this machine (RFC 8252).</summary>
internal sealed class LoopbackBrowser : IBrowser, IDisposable
{
    private readonly HttpListener listener = new();
    private readonly bool opensUrl;

    /// <param name="opensUrl">False to print the URL instead, for a machine without a browser.</param>
    public LoopbackBrowser(bool opensUrl)
    {
        this.opensUrl = opensUrl;
        var origin = $"http://127.0.0.1:{FreePort()}/";
        RedirectUri = $"{origin}callback";
        listener.Prefixes.Add(origin);
        listener.Start();
    }

    public string RedirectUri { get; }

    // <loopback>
    public async Task<BrowserResult> InvokeAsync(BrowserOptions options, CancellationToken cancellationToken = default)
    {
        if (opensUrl)
            Process.Start(new ProcessStartInfo(options.StartUrl) { UseShellExecute = true });
        else
            Console.WriteLine($"Open this URL: {options.StartUrl}");
        while (true)
        {
            var context = await listener.GetContextAsync().WaitAsync(options.Timeout, cancellationToken);
            var isCallback = context.Request.Url!.AbsolutePath == "/callback";
            context.Response.StatusCode = isCallback ? 200 : 404; // a browser also asks for the icon of the page
            context.Response.ContentType = "text/plain";
            context.Response.Close(Encoding.UTF8.GetBytes(isCallback ? "You can close this page." : ""), willBlock: false);
            if (isCallback)
                return new BrowserResult { ResultType = BrowserResultType.Success, Response = context.Request.Url.Query };
        }
    }
    // </loopback>

    public void Dispose() => ((IDisposable)listener).Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
