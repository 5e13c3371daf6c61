using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-REDIR: an authorization response comes by the way that the request asked for, and unspoilt.</summary>
internal static class RedirectCheck
{
    private static readonly string[] Known = ["code", "state", "id_token", "access_token", "token_type", "expires_in", "scope", "session_state", "iss"];

    /// <summary>The parameters from where they must be; none may stand anywhere else.</summary>
    /// <param name="address">In the browser's address bar.</param>
    public static IReadOnlyDictionary<string, string> Parameters(PlanAttribute plan, AuthorizationParameters request, Received callback, Uri address)
    {
        var registered = Received.Parse(new Uri(request.RedirectUri).Query);
        var query = callback.QueryParameters;
        Assert.Equal(registered, query.Take(registered.Count));
        var ours = query.Skip(registered.Count).ToList();
        var fragment = Received.Parse(address.Fragment.TrimStart('#'));
        if (plan.FormPost)
        {
            Assert.Equal("POST", callback.Method);
            Assert.Equal("application/x-www-form-urlencoded", callback.ContentType);
            Assert.Empty(ours);
            Assert.Empty(fragment);
            return Single(callback.FormParameters);
        }
        Assert.Equal("GET", callback.Method);
        if (plan.InFragment && request.ResponseType is not null)
        {
            Assert.Empty(ours);
            return Single(fragment);
        }
        Assert.Empty(fragment);
        return Single(ours);
    }

    public static void Success(Provider provider, PlanAttribute plan, AuthorizationParameters request, IReadOnlyDictionary<string, string> parameters)
    {
        Assert.True(!parameters.ContainsKey("error"), $"{parameters.GetValueOrDefault("error")}: {parameters.GetValueOrDefault("error_description")}");
        Assert.Empty(parameters.Keys.Except(Known));
        State(request, parameters);
        Issuer(provider, parameters);
        Assert.Equal(plan.HasCode, parameters.ContainsKey("code"));
        Assert.Equal(plan.HasFrontIdToken, parameters.ContainsKey("id_token"));
        Assert.Equal(plan.HasFrontToken, parameters.ContainsKey("access_token"));
        if (plan.HasCode)
            Entropy.ShouldBeEnough("code", parameters["code"]);
    }

    /// <summary>As it was sent, byte by byte, and not there when none was sent.</summary>
    public static void State(AuthorizationParameters request, IReadOnlyDictionary<string, string> parameters) =>
        Assert.Equal(request.State, parameters.GetValueOrDefault("state"));

    /// <summary>RFC 9207: the metadata promises it in every response.</summary>
    public static void Issuer(Provider provider, IReadOnlyDictionary<string, string> parameters)
    {
        if (provider.IsOn("authorization_response_iss_parameter_supported") || parameters.ContainsKey("iss"))
            Assert.Equal(provider.Issuer, parameters.GetValueOrDefault("iss"));
    }

    private static Dictionary<string, string> Single(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var single = new Dictionary<string, string>();
        foreach (var (name, value) in parameters)
            Assert.True(single.TryAdd(name, value), $"{name} is there twice");
        return single;
    }
}
