using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-PAGE: what stands in for the screenshot of an error page. That nothing reached the client, the inbox tells at the end.</summary>
internal static class PageCheck
{
    /// <param name="names">What the page must name, so that a developer finds the fault.</param>
    public static void Error(Provider provider, Page page, string names)
    {
        IsOfServer(provider, page);
        Assert.InRange(page.Answer.Status, 400, 499);
        Assert.Contains(names, page.Text, StringComparison.Ordinal);
    }

    /// <summary>A page for a person, shown by the server and not by a client.</summary>
    public static void IsOfServer(Provider provider, Page page)
    {
        Assert.Equal(new Uri(provider.AuthorizationEndpoint).Authority, page.Url.Authority);
        Assert.Equal("text/html", page.Answer.MediaType);
        Assert.NotEqual("", page.Text.Trim());
    }
}
