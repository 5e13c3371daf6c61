using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Sends exactly the request of a test, which HttpClient would correct or refuse.</summary>
public static class ExactRequest
{
    public static Task<Answer> GetAsync(RunningServer server, string path, string query, params (string Name, string Value)[] headers) =>
        SendAsync(server, "GET", path, query, null, headers);

    public static Task<Answer> PostAsync(RunningServer server, string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(server, "POST", path, "", body, [("Content-Type", "application/x-www-form-urlencoded"), .. headers]);

    /// <param name="body">Each character is one byte.</param>
    public static async Task<Answer> SendAsync(
        RunningServer server, string method, string path, string query, string? body, params (string Name, string Value)[] headers)
    {
        var host = (TestServer)server.Get<IServer>();
        var http = await host.SendAsync(context =>
        {
            var request = context.Request;
            request.Method = method;
            request.Scheme = "https";
            request.Host = new HostString("login.example");
            request.Path = path;
            request.QueryString = new QueryString(query.Length == 0 ? "" : "?" + query);
            foreach (var (name, value) in headers)
                request.Headers[name] = value;
            if (body is not null)
                request.Body = new MemoryStream(Encoding.Latin1.GetBytes(body));
        });
        using var content = new MemoryStream();
        await http.Response.Body.CopyToAsync(content);
        var response = new HttpResponseMessage((HttpStatusCode)http.Response.StatusCode) { Content = new ByteArrayContent(content.ToArray()) };
        foreach (var (name, values) in http.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, [.. values]))
                response.Content.Headers.TryAddWithoutValidation(name, [.. values]);
        }
        return await Answer.ReadAsync(response);
    }
}
