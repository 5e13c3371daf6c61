using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tests;

/// <summary>RFC 3986 §6.2.2 and §6.2.3, of an identifier and what a client sends.</summary>
public sealed class ResourceNameTests
{
    [Theory]
    [InlineData("https://api.example", "https://api.example/", true)]
    [InlineData("https://api.example/mcp", "HTTPS://API.Example:443/mcp", true)]
    [InlineData("https://api.example/a/b", "https://api.example/a/./x/../b", true)]
    [InlineData("https://api.example/%7euser/%c3%a9", "https://api.example/~user/%C3%A9", true)]
    [InlineData("urn:example:api", "URN:example:api", true)]
    [InlineData("api://0f8fad5b", "api://0F8FAD5B/", true)]
    [InlineData("https://api.example/mcp", "https://api.example/mcp/", false)]
    [InlineData("https://api.example/mcp", "https://api.example/MCP", false)]
    [InlineData("https://api.example/mcp", "https://api.example/mcp?", false)]
    [InlineData("https://api.example/mcp", "https://api.example/mcp#x", false)]
    [InlineData("https://api.example/mcp", "https://api.example\\mcp", false)]
    [InlineData("https://api.example/mcp", " https://api.example/mcp", false)]
    [InlineData("https://api.example/mcp", "https://api.example:444/mcp", false)]
    [InlineData("https://api.example/mcp", "http://api.example/mcp", false)]
    [InlineData("https://api.example/a%2Fb", "https://api.example/a/b", false)]
    [InlineData("urn:example:api", "urn:example:API", false)]
    public void Spellings_of_one_URI_are_one(string registered, string presented, bool same)
    {
        Assert.Equal(same, ResourceName.Normalize(registered) == ResourceName.Normalize(presented));
        var catalog = new Catalog([], [new Resource { Identifier = registered }]);
        Assert.Equal(same ? registered : presented, catalog.Registered(presented));
    }

    [Fact]
    public void The_exact_spelling_counts_first_where_two_of_one_resource_are_stored()
    {
        var catalog = new Catalog([], [new Resource { Identifier = "https://api.example" }, new Resource { Identifier = "https://api.example/" }]);
        Assert.Equal("https://api.example/", catalog.Registered("https://api.example/"));
        Assert.Equal("https://api.example", catalog.Registered("https://API.example"));
    }
}
