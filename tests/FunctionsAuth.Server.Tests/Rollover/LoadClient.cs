using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// A browser and the three clients that its user has: they log in, redeem, refresh and get tokens of their own, a part of that in
/// each step, asking one instance after the other, and verify every token.
/// </summary>
internal sealed class LoadClient(LoadCluster cluster, Lockstep steps, LoadFigures figures, int number)
{
    /// <summary>Of a round. With so many clients, each step has all of them.</summary>
    public const int Parts = 4;

    /// <summary>How long a client goes on asking for what it was told to ask for later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly CookieContainer cookies = new();
    private readonly LoadVerifier verifier = new(cluster, steps, figures);
    private int turn = number;
    private string refreshToken = "";

    /// <summary>Clients begin one step after the other: each is at another part of its round, and their key sets are of different moments.</summary>
    public async Task RunAsync(DateTimeOffset end)
    {
        await steps.WaitAsync((turn + 1) * Lockstep.Step);
        for (var done = 0; steps.Now < end; done++)
        {
            try
            {
                await RunAsync(part: done % Parts);
            }
            catch (Exception e)
            {
                figures.Failed(e.Message);
            }
            await steps.WaitAsync(Lockstep.Step);
        }
    }

    /// <summary>A round gives access tokens of both types, and ID tokens of both types.</summary>
    private async Task RunAsync(int part)
    {
        switch (part)
        {
            case 0:
                var code = await AuthorizeAsync("web", "openid offline_access other.read", "https://other.example");
                refreshToken = (await RedeemAsync("web", code)).RefreshToken;
                break;
            case 1:
                await TokenAsync("web", ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
                break;
            case 2:
                await RedeemAsync("post", await AuthorizeAsync("post", "openid", null));
                break;
            default:
                await TokenAsync("service", ("grant_type", "client_credentials"));
                break;
        }
    }

    private async Task<string> AuthorizeAsync(string client, string scope, string? resource)
    {
        var request = new AuthorizationParameters(client, scope: scope).With("resource", resource);
        var answer = await FollowAsync(await BrowseAsync(() => new(HttpMethod.Get, request.Url)));
        if (answer.HasForm("login"))
            answer = await FollowAsync(await LoginAsync(answer));
        return answer.Location is not null && answer.Parameters.TryGetValue("code", out var code)
            ? code
            : throw new InvalidOperationException($"No code but {answer.Status} {answer.Location} {answer.Body}");
    }

    private Task<Answer> LoginAsync(Answer page)
    {
        var form = page.Document.QuerySelector("form")!;
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => input.Name is { Length: > 0 } && input.Type != "checkbox")
            .ToDictionary(input => input.Name!, input => input.Value);
        (fields["username"], fields["password"], fields["action"]) = ("alice", RunningServer.Password, "login");
        return BrowseAsync(() => new(HttpMethod.Post, form.GetAttribute("action")) { Content = new FormUrlEncodedContent(fields) });
    }

    private async Task<Answer> FollowAsync(Answer answer)
    {
        while (answer.Location is { } location && location.StartsWith(RunningServer.Issuer + "/", StringComparison.Ordinal))
            answer = await BrowseAsync(() => new(HttpMethod.Get, location));
        return answer;
    }

    private async Task<Answer> BrowseAsync(Func<HttpRequestMessage> make)
    {
        var origin = new Uri(RunningServer.Issuer);
        var (answer, _) = await SendAsync(() =>
        {
            var request = make();
            if (cookies.GetCookieHeader(origin) is { Length: > 0 } header)
                request.Headers.Add("Cookie", header);
            return request;
        });
        if (answer.Response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                cookies.SetCookies(origin, cookie);
        }
        return answer;
    }

    private Task<JsonAnswer> RedeemAsync(string client, string code) => TokenAsync(
        client,
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", $"https://{client}.example/callback"),
        ("code_verifier", AuthorizationParameters.Verifier));

    private async Task<JsonAnswer> TokenAsync(string client, params (string Name, string Value)[] fields)
    {
        var secret = RawRequests.SecretOf(client);
        if (client == "post")
            fields = [.. fields, ("client_id", client), ("client_secret", secret)];
        var (answer, instance) = await SendAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "token")
            {
                Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
            };
            if (client != "post")
                request.Headers.Authorization = AuthenticationHeaderValue.Parse(RawRequests.Basic(client, secret));
            return request;
        });
        var tokens = (await JsonAnswer.ReadAsync(answer.Response)).ShouldBeOk();
        await verifier.VerifyAsync(tokens.AccessToken, instance);
        if (tokens["id_token"] is { } idToken)
            await verifier.VerifyAsync(idToken, instance);
        return tokens;
    }

    /// <summary>To the next instance; and when the answer is to try again later, to the one after it, with the same.</summary>
    private async Task<(Answer Answer, int Instance)> SendAsync(Func<HttpRequestMessage> make)
    {
        for (var started = steps.Now; ;)
        {
            var instance = turn++ % LoadCluster.Count;
            var (answer, wait) = await LoadRequests.SendAsync(cluster, figures, instance, make());
            if (wait is not { } retryAfter)
                return (answer, instance);
            if (steps.Now - started > Patience)
                throw new InvalidOperationException($"{answer.Status} for {(steps.Now - started).TotalSeconds:0} s: {answer.Body}");
            await steps.WaitAsync(retryAfter);
        }
    }
}

internal static class LoadRequests
{
    /// <summary>Sends and counts. A 503 must say for how long to wait.</summary>
    public static async Task<(Answer Answer, TimeSpan? RetryAfter)> SendAsync(LoadCluster cluster, LoadFigures figures, int instance, HttpRequestMessage request)
    {
        figures.Asked();
        var answer = await cluster.SendAsync(instance, request);
        if (answer.Status != HttpStatusCode.ServiceUnavailable)
            return (answer, null);
        figures.WasUnavailable();
        return answer.Response.Headers.RetryAfter?.Delta is { } wait && wait >= TimeSpan.FromSeconds(1)
            ? (answer, wait)
            : throw new InvalidOperationException("503 without Retry-After");
    }
}
