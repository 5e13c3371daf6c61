using System.Collections.Concurrent;
using System.Reflection;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>What every module of a FAPI 2.0 plan begins and ends with. The person of a plan stays signed in from one module to the next.</summary>
public abstract class FapiModule : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<Type, Browser> Browsers = new();

    protected FapiPlanAttribute Variant => GetType().GetCustomAttribute<FapiPlanAttribute>()!;

    protected ServerProcess Server { get; private set; } = null!;

    protected Provider Provider { get; private set; } = null!;

    protected Browser Browser { get; private set; } = null!;

    protected Inbox Inbox { get; private set; } = null!;

    protected FapiParty First { get; private set; } = null!;

    protected FapiParty Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.OfAsync(PlanAttribute.Of(GetType()).Server);
        Provider = await Provider.LoadAsync(Server);
        var site = await ClientSite.InstanceAsync();
        var alias = Inbox.AliasOf(GetType());
        Inbox = site.Open(alias);
        Browser = Browsers.GetOrAdd(GetType(), _ => new Browser(new Uri(Server.Issuer), site, alias));
        Browser.Begin();
        First = Party(FapiClients.Of(GetType()).First);
        Second = Party(FapiClients.Of(GetType()).Second);
        Assert.Contains(Variant.CertificateAuth ? "tls_client_auth" : "private_key_jwt", Provider.List("token_endpoint_auth_methods_supported"));
    }

    public Task DisposeAsync()
    {
        Inbox.ShouldHaveNothingElse();
        return Task.CompletedTask;
    }

    /// <summary>The same client once more, as after a restart: without what it knows of keys and nonces.</summary>
    protected FapiParty Party(FapiClient client) => new(Provider, Variant, client, Inbox, Browser);

    /// <summary>X-TERR with one of these errors; <c>invalid_client</c> may come with 401.</summary>
    protected static void ShouldFail(Answer answer, params string[] errors)
    {
        Assert.True(answer.Status is 400 or 401, $"{answer.Status}: {answer.Body}");
        Checks.Tokens.TokenErrorCheck.Verify(answer, errors);
    }

    /// <summary>The person sees a page of the server, and nobody is sent to the client.</summary>
    protected void ShouldBePage(Page page)
    {
        PageCheck.IsOfServer(Provider, page);
        Assert.InRange(page.Answer.Status, 400, 499);
    }

    /// <summary>A page, or an error at the client.</summary>
    protected async Task ShouldBePageOrErrorAsync(FapiParty client, FapiRequest request, Page page, params string[] errors)
    {
        if (page.IsAtClient)
            Assert.Contains(await client.ErrorAsync(request, page), errors);
        else
            ShouldBePage(page);
    }
}
