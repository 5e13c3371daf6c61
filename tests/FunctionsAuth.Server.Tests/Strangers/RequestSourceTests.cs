using System.Net;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>Where limits read the network address from.</summary>
public sealed class RequestSourceTests
{
    private static readonly Guid Profile = Guid.Parse("6f2a9f4e-54a8-4a0e-9d5c-0123456789ab");

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::/64")]
    [InlineData("unknown", null)]
    [InlineData("", null)]
    public void The_last_forwarded_address_is_the_source_and_of_IPv6_its_network(string header, string? source) =>
        Assert.Equal(source, SourceOf(new ClientAddressOptions { Source = "forwarded" }, ("X-Forwarded-For", header)));

    [Fact]
    public void Without_a_setting_nothing_is_read() =>
        Assert.Null(SourceOf(new ClientAddressOptions(), ("X-Forwarded-For", "203.0.113.7"), ("X-Azure-SocketIP", "203.0.113.7")));

    [Theory]
    [InlineData("6f2a9f4e-54a8-4a0e-9d5c-0123456789ab", "203.0.113.7")]
    [InlineData("00000000-0000-0000-0000-000000000000", null)]
    [InlineData("", null)]
    public void Front_Door_is_believed_with_its_proof(string id, string? source) => Assert.Equal(source, SourceOf(
        new ClientAddressOptions { Source = "front-door", FrontDoorId = Profile },
        ("X-Azure-FDID", id), ("X-Azure-SocketIP", "203.0.113.7"), ("X-Azure-ClientIP", "198.51.100.1"), ("X-Forwarded-For", "198.51.100.2")));

    [Theory]
    [InlineData("10.0.0.1", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("8.8.8.8", "8.8.8.8")]
    public void Without_the_header_the_address_of_the_connection_counts_unless_it_is_a_proxy_s(string connection, string? source)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        Assert.Equal(source, SourceOf(new ClientAddressOptions { Source = "forwarded" }, http));
    }

    [Fact]
    public void A_wrong_setting_is_named()
    {
        string[] Problems(ClientAddressOptions address) => [.. new ServerOptions { Issuer = new Uri("https://login.example"), ClientAddress = address }.Problems()];
        Assert.Empty(Problems(new()));
        Assert.Equal(["ClientAddress:Source must be one of none, forwarded, front-door"], Problems(new() { Source = "header" }));
        string[] missing = ["ClientAddress:FrontDoorId must be set with ClientAddress:Source front-door, and only then"];
        Assert.Equal(missing, Problems(new() { Source = "front-door" }));
        Assert.Equal(missing, Problems(new() { Source = "none", FrontDoorId = Profile }));
    }

    private static string? SourceOf(ClientAddressOptions address, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
            http.Request.Headers[name] = value;
        return SourceOf(address, http);
    }

    private static string? SourceOf(ClientAddressOptions address, HttpContext http)
    {
        var source = new RequestSource(new ServerOptions { ClientAddress = address });
        source.Begin(http);
        return source.Current;
    }
}
